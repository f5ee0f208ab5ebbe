#!/usr/bin/env bash
# Makes a release of the server: archives, bill of materials, signed manifest. --help says it all.
set -euo pipefail
exec node "$(dirname "$(realpath "$0")")/release/release.mjs" "$@"
