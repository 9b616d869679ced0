#!/usr/bin/env bash
# Ends with 0 if the service in this container is ready. Needs nothing but bash: the image has no HTTP client.
# $1: port, QUARKUS_HTTP_PORT by default. $2: path.
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${1:-${QUARKUS_HTTP_PORT:-8080}}"
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "${2:-/q/health/ready}" >&3
read -r _ status _ <&3
[[ $status == 200 ]]
