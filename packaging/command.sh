#!/bin/sh
# Who may read the settings of the installed server works on that server.
settings=/etc/rookery/rookery.toml
if [ -z "${ROOKERY_CONFIG-}" ] && [ -r "$settings" ]; then export ROOKERY_CONFIG="$settings"; fi
exec @HOME@/bin/node @HOME@/bin/rookery.mjs "$@"
