#!/usr/bin/env bash
# Tries Debian packages of the server in a Debian that is made for it and thrown away: install,
# run, upgrade, remove, purge. Needs root, debootstrap, and Debian's packages from the network.
#
#   sudo scripts/tryDebianPackage.sh PACKAGE.deb [NEWER.deb]
#   --suite NAME   of Debian (bookworm)
set -euo pipefail

fail() {
  printf 'not as it should be: %s\n' "$*" >&2
  exit 1
}

suite=bookworm
packages=()
while [ $# -gt 0 ]; do
  case $1 in
    --suite)
      suite=$2
      shift
      ;;
    *) packages+=("$(realpath "$1")") ;;
  esac
  shift
done
[ "${#packages[@]}" -gt 0 ] || fail 'a package is to be given.'

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
# Its user is to come in.
chmod 0755 "$root"
debootstrap --variant=minbase "$suite" "$root" >"$root.log" 2>&1 ||
  fail "there is no Debian: see $root.log"
rm "$root.log"

inside() { env -u NODE_EXTRA_CA_CERTS chroot "$root" "$@"; }

# Its files, and that its user can run it; the network of the server is its own.
try_installed() {
  inside rookery doctor --native-only
  [ "$(inside stat -c %U:%G:%a /etc/rookery/rookery.toml)" = root:rookery:640 ] ||
    fail 'rights of /etc/rookery/rookery.toml'
  inside test -L /etc/systemd/system/multi-user.target.wants/rookery.service ||
    fail 'the service is not enabled'
  inside install -d -o rookery -g rookery -m 0700 /var/lib/rookery
  # shellcheck disable=SC2016 # the shell inside puts in what is quoted here
  unshare --net bash -c 'ip link set lo up && exec env -u NODE_EXTRA_CA_CERTS chroot "$@"' - \
    "$root" bash -ec '
    command=$(sed -n "s/^ExecStart=//p" /usr/lib/systemd/system/rookery.service)
    setpriv --reuid rookery --regid rookery --clear-groups --no-new-privs $command --json \
      --host 127.0.0.1 >/srv/started 2>/srv/log &
    for _ in $(seq 300); do [ -s /srv/started ] && break; sleep 0.1; done
    [ -s /srv/started ] || { cat /srv/log; exit 1; }
    /usr/lib/rookery/bin/node -e "
      fetch(\"http://127.0.0.1:4642/health\").then(async (answer) => {
        console.log(answer.status, await answer.text());
        process.exitCode = answer.ok ? 0 : 1;
      })"
    kill -TERM $!
    wait $!' || fail 'the server does not run'
}

for package in "${packages[@]}"; do
  printf -- '--- %s\n' "$(basename "$package")"
  cp "$package" "$root/srv/rookery.deb"
  inside dpkg --install /srv/rookery.deb
  try_installed
  inside touch /var/lib/rookery/kept
done
inside test -e /var/lib/rookery/identity.pem || fail 'data is gone after the upgrade'

printf -- '--- remove\n'
inside dpkg --remove rookery
inside test -e /etc/rookery/rookery.toml || fail 'settings are gone after the removal'
inside test -e /var/lib/rookery/kept || fail 'data is gone after the removal'
if inside test -e /usr/lib/rookery; then fail 'the program is left'; fi

printf -- '--- purge\n'
inside dpkg --purge rookery
left=$(find "$root/etc" "$root/usr" "$root/var/lib" "$root/var/log" -iname '*rookery*')
[ -z "$left" ] || fail "after the purge there is left: $left"
if inside getent passwd rookery; then fail 'the user is left'; fi
printf 'All is as it should be.\n'
