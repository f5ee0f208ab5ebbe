#!/usr/bin/env bash
# Updates the server that scripts/install.sh installed, or goes back to the version before.
#
#   sudo scripts/update.sh              the newest release, if it is newer
#   sudo scripts/update.sh --check      only say whether there is one
#   sudo scripts/update.sh --rollback   the version before
#
# All options are those of `rookery update`; --help says them.
set -euo pipefail

rookery=${ROOKERY_HOME:-/opt/rookery}/current/bin/rookery
if [ ! -x "$rookery" ]; then
  printf 'update: there is no server in %s. Install one: scripts/install.sh\n' \
    "${ROOKERY_HOME:-/opt/rookery}" >&2
  exit 1
fi
unset ROOKERY_HOME
if [ -z "${ROOKERY_CONFIG-}" ] && [ -r /etc/rookery/rookery.toml ]; then
  export ROOKERY_CONFIG=/etc/rookery/rookery.toml
fi
exec "$rookery" update "$@"
