#!/usr/bin/env bash
# Empties a folder, $1, which may be a volume of its own, and becomes the command that follows, with the same process id. What a JVM unpacks there and leaves when it is killed
# would otherwise add up with every restart of its container.
set -euo pipefail

if ! mkdir -p "$1" 2>/dev/null || [[ ! -w $1 ]]; then
  echo "turnstream: $1: user $(id -u) cannot write there. Mount a volume or a tmpfs there that this user may write to." >&2
  exit 1
fi
find "$1" -mindepth 1 -delete
shift
exec "$@"
