#!/usr/bin/env bash
# Empties a folder, $1, and becomes the command that follows, with the same process id. What a JVM unpacks there and leaves when it is killed
# would otherwise add up with every restart of its container.
set -euo pipefail

rm -rf "$1"
mkdir -p "$1"
shift
exec "$@"
