#!/usr/bin/env bash
# Installs the server of this checkout as a service of systemd (Linux), or takes it away again.
#
#   sudo scripts/install.sh                install, or bring an installation to this version
#   sudo scripts/install.sh --uninstall    stop and remove it; what it kept stays
#   sudo scripts/install.sh --uninstall --purge    remove rooms, messages and settings, too
#   --dry-run    say what would be done, and do none of it
#   --root DIR   install below DIR, for an image; nothing of this machine is touched or started
#
# It may be run again at any time. Data is in /var/lib/rookery, settings in /etc/rookery.
set -euo pipefail

usage() { sed -n '2,10s/^# \{0,1\}//p' "$0"; }

fail() {
  printf 'install: %s\n' "$*" >&2
  exit 1
}

say() { printf '%s\n' "$*"; }

root='' is_dry=false is_uninstall=false is_purge=false
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) is_dry=true ;;
    --uninstall) is_uninstall=true ;;
    --purge) is_purge=true ;;
    --root)
      [ -d "${2-}" ] || fail '--root wants a directory that exists.'
      root=$(realpath "$2")
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) fail "$1 is unknown. --help says what there is." ;;
  esac
  shift
done
"$is_purge" && ! "$is_uninstall" && fail '--purge goes with --uninstall alone.'

checkout=$(realpath "$(dirname "$0")/..")
prefix=/opt/rookery
settings=/etc/rookery/rookery.toml
data=/var/lib/rookery
unit=/etc/systemd/system/rookery.service
sysctl_file=/etc/sysctl.d/60-rookery.conf
command_file=/usr/local/bin/rookery

# run COMMAND…: runs it, or says it where nothing is to be done.
run() {
  if "$is_dry"; then
    say "  would run: $*"
  else
    "$@"
  fi
}

# on_machine COMMAND…: as run, and only where it is this machine that is installed on.
on_machine() {
  [ -n "$root" ] || run "$@"
}

# put MODE PATH: writes what comes in, all of it or nothing.
put() {
  local mode=$1 path=$root$2
  if "$is_dry"; then
    say "  would write: $2"
    cat >/dev/null
    return
  fi
  mkdir -p "$(dirname "$path")"
  cat >"$path.new"
  chmod "$mode" "$path.new"
  mv -f "$path.new" "$path"
}

check_machine() {
  [ "$(uname -s)" = Linux ] || fail 'This is for Linux. Elsewhere run the server by: npm start'
  [ -n "$root" ] && return
  [ -d /run/systemd/system ] || "$is_dry" ||
    fail 'systemd does not run here. Have what starts services here run: npm start'
  [ "$(id -u)" -eq 0 ] || "$is_dry" || fail 'Only root may do that: put sudo in front.'
}

# --- away with it

uninstall() {
  on_machine systemctl disable --now rookery.service || true
  run rm -f "$root$unit" "$root$sysctl_file" "$root$command_file"
  run rm -rf "$root$prefix"
  on_machine systemctl daemon-reload
  if "$is_purge"; then
    run rm -rf "$root$data" "$root$(dirname "$settings")" "$root/var/log/rookery"
    if id rookery >/dev/null 2>&1; then on_machine userdel rookery; fi
    say 'Rookery is gone, with all that it kept.'
  else
    say "Rookery is removed. What it kept is in $data, its settings in $(dirname "$settings")."
  fi
}

# --- Node

# The Node that the service runs with: that of the system where its user may run it, else a copy.
find_node() {
  local found
  found=$(realpath "$(command -v node || true)" 2>/dev/null || true)
  [ -n "$found" ] || fail 'Node is missing: install Node 20.19 or newer (https://nodejs.org).'
  local version
  version=$("$found" -p 'process.versions.node')
  "$found" -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node $version is too old: install 20.19 or newer (https://nodejs.org)."
  printf '%s' "$found"
}

# --- the files of one version

# Copies what runs to the folder $1 and installs the locked packages there.
copy_release() {
  local release=$1 workspace
  mkdir -p "$release/bin"
  cp "$checkout"/{package.json,package-lock.json,.npmrc,README.md,CHANGELOG.md,LICENSE} "$release"
  cp "$checkout/bin/rookery.mjs" "$release/bin"
  for workspace in schemas transport plugins server client bench native-test; do
    mkdir -p "$release/$workspace"
    cp "$checkout/$workspace/package.json" "$release/$workspace"
  done
  for workspace in schemas transport plugins server client; do
    cp -R "$checkout/$workspace/dist" "$release/$workspace"
  done
  cp -R "$checkout/client/vendor" "$release/client"
  # What tests left there, and themselves.
  rm -rf "$release/client/dist/pictures"
  find "$release" -name '*.test.*' -delete
  (cd "$release" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error)
}

install_release() {
  local node=$1 version release
  version=$("$node" -p "require('$checkout/package.json').version")
  release=$prefix/releases/$version-$(date -u +%Y%m%dT%H%M%SZ)
  if "$is_dry"; then
    say "  would copy: this version to $release, with its packages"
    return
  fi
  say "Copying version $version to $release …"
  rm -rf "$root$release"
  copy_release "$root$release"
  case $node in
    /usr/* | /bin/*) ln -s "$node" "$root$release/bin/node" ;;
    # Elsewhere it may be in somebody's home, where the service's user must not look.
    *) cp "$node" "$root$release/bin/node" ;;
  esac
  chmod -R u=rwX,go=rX "$root$release"
  # One rename: at every moment there is a whole version.
  ln -s "releases/$(basename "$release")" "$root$prefix/current.new"
  mv -T "$root$prefix/current.new" "$root$prefix/current"
  remove_old_releases
}

# The last one stays, to go back to.
remove_old_releases() {
  local old
  find "$root$prefix/releases" -mindepth 1 -maxdepth 1 -type d | sort | head -n -2 |
    while read -r old; do rm -rf "$old"; done
}

# --- install

install_all() {
  local node
  node=$(find_node)
  run "$node" "$checkout/scripts/run.mjs" build
  install_release "$node"
  if ! id rookery >/dev/null 2>&1; then
    on_machine useradd --system --home-dir "$data" --shell /usr/sbin/nologin rookery
  fi
  if [ ! -e "$root$settings" ]; then put 0640 "$settings" <"$checkout/packaging/rookery.toml"; fi
  # A password of the server may stand in it.
  on_machine chgrp rookery "$settings"
  put 0644 "$sysctl_file" <"$checkout/packaging/60-rookery.conf"
  on_machine sysctl --quiet --load "$sysctl_file"
  sed "s|@PREFIX@|$prefix|g; s|@NODE@|$prefix/current/bin/node|g" \
    "$checkout/packaging/rookery.service" | put 0644 "$unit"
  put 0755 "$command_file" <<COMMAND
#!/bin/sh
exec $prefix/current/bin/node $prefix/current/bin/rookery.mjs "\$@"
COMMAND
  on_machine systemctl daemon-reload
  on_machine systemctl enable --quiet rookery.service
  on_machine systemctl restart rookery.service
  say_next
}

say_next() {
  "$is_dry" && return
  cat <<NEXT
Rookery is installed.
  settings   $settings, then: systemctl restart rookery
  data       $data
  log        journalctl -u rookery
  owner      sudo -u rookery rookery owner-token --data $data   (becomes whoever uses it first)
  firewall   open UDP 4640 (control) and 4641 (voice); leave TCP 4642 closed, it is for this machine
             ufw allow 4640:4641/udp    or    firewall-cmd --permanent --add-port=4640-4641/udp
NEXT
}

check_machine
if "$is_uninstall"; then uninstall; else install_all; fi
