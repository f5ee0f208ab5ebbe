#!/usr/bin/env bash
# Installs the server as a service of systemd (Linux), or takes it away again: that of this checkout,
# or, run from a release that was unpacked, that one.
#
#   sudo scripts/install.sh                install, or bring an installation to this version
#   sudo scripts/install.sh --uninstall    stop and remove it; what it kept stays
#   sudo scripts/install.sh --uninstall --purge    remove rooms, messages and settings, too
#   --archive FILE   the server of a release, rookery-server-….tar.gz
#   --acme           let the server have TCP port 80 or 443, for certificates by ACME; stays so
#   --dry-run        say what would be done, and do none of it
#   --root DIR       install below DIR, an image of a system; nothing of this machine is touched
#
# It may be run again at any time. Data is in /var/lib/rookery, settings in /etc/rookery.
set -euo pipefail

usage() { sed -n '2,14s/^# \{0,1\}//p' "$0"; }

fail() {
  printf 'install: %s\n' "$*" >&2
  exit 1
}

say() { printf '%s\n' "$*"; }

root='' archive='' is_dry=false is_uninstall=false is_purge=false is_acme=false
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) is_dry=true ;;
    --uninstall) is_uninstall=true ;;
    --purge) is_purge=true ;;
    --acme) is_acme=true ;;
    --root)
      [ -d "${2-}" ] || fail '--root wants a directory that exists.'
      root=$(realpath "$2")
      shift
      ;;
    --archive)
      [ -f "${2-}" ] || fail '--archive wants a file that exists.'
      archive=$(realpath "$2")
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
"$is_acme" && "$is_uninstall" && fail '--acme does not go with --uninstall, which undoes it.'

# A checkout, or a release that was unpacked.
source=$(realpath "$(dirname "$0")/..")
prefix=/opt/rookery
settings=/etc/rookery/rookery.toml
data=/var/lib/rookery
unit=/etc/systemd/system/rookery.service
acme_right=$unit.d/acme.conf
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

# service COMMAND…: of systemd, on this machine or for the image.
service() {
  if [ -z "$root" ]; then
    run systemctl "$@"
  elif command -v systemctl >/dev/null; then
    run systemctl --root="$root" "$@"
  else
    say "  not done, for want of systemctl: systemctl $*"
  fi
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
  local start='npm start'
  if is_release "$source"; then start="$source/bin/rookery server"; fi
  [ "$(uname -s)" = Linux ] || fail "This is for Linux. Elsewhere run the server by: $start"
  [ -n "$root" ] && return
  [ -d /run/systemd/system ] || "$is_dry" ||
    fail "systemd does not run here. Have what starts services here run: $start"
  [ "$(id -u)" -eq 0 ] || "$is_dry" || fail 'Only root may do that: put sudo in front.'
}

# --- its user

# Users are those of this machine, or of the image.
users=()
[ -z "$root" ] || users=(--prefix "$root")

has_user() {
  if [ -n "$root" ]; then
    grep -q '^rookery:' "$root/etc/passwd" 2>/dev/null
  else
    id rookery >/dev/null 2>&1
  fi
}

# Its settings are for it and root alone: a password of the server may stand in them.
make_user() {
  local group=rookery
  if [ -n "$root" ] && [ ! -e "$root/etc/passwd" ]; then
    say "There are no users in $root yet. Once there are, make one for the server there:"
    say "  useradd --system --user-group --home-dir $data --shell /usr/sbin/nologin rookery"
    say "  chgrp rookery $settings"
    return
  fi
  if ! has_user; then
    run useradd "${users[@]}" --system --user-group --no-create-home --home-dir "$data" \
      --shell /usr/sbin/nologin rookery
  fi
  if [ -n "$root" ] && ! "$is_dry"; then
    group=$(sed -n 's/^rookery:[^:]*:\([0-9]*\):.*/\1/p' "$root/etc/group")
  fi
  run chgrp "$group" "$root$settings"
}

# --- away with it

uninstall() {
  on_machine systemctl stop rookery.service || true
  if [ -e "$root$unit" ]; then service disable --quiet rookery.service || true; fi
  run rm -f "$root$unit" "$root$acme_right" "$root$sysctl_file" "$root$command_file"
  # What somebody else put there stays.
  if [ -d "$root$unit.d" ]; then run rmdir --ignore-fail-on-non-empty "$root$unit.d"; fi
  run rm -rf "$root$prefix"
  on_machine systemctl daemon-reload
  if "$is_purge"; then
    run rm -rf "$root$data" "$root$(dirname "$settings")" "$root/var/log/rookery"
    if has_user; then run userdel "${users[@]}" rookery; fi
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

# is_release FOLDER: whether it is one that was unpacked, and not a checkout.
is_release() { [ -f "$1/release.json" ]; }

# make_release FOLDER: makes what runs by itself, Node too.
make_release() {
  if is_release "$source"; then
    cp -R "$source" "$1"
  else
    "$node" "$source/scripts/release/release.mjs" --no-build --tree "$1"
  fi
}

# of_release KEY: what release.json says.
of_release() { sed -n "s/^ *\"$1\": *\"\([^\"]*\)\".*/\1/p" "$source/release.json"; }

# Tries whether it runs here, before anything is changed.
check_release() {
  local own found said
  case $(uname -m) in
    x86_64) own=linux-x64 ;;
    aarch64 | arm64) own=linux-arm64 ;;
    *) own=linux-$(uname -m) ;;
  esac
  found=$(of_release platform)
  if [ "$found" != "$own" ]; then
    # An image may be for another machine.
    [ -n "$root" ] && return
    fail "This release is for $found, and this machine is $own. Take the one for $own."
  fi
  said=$("$source/bin/rookery" doctor --native-only 2>&1) && return
  printf '%s\n' "$said" >&2
  fail 'This release does not run on this machine, as said above. Nothing was changed.'
}

version_of_source() {
  local file=$source/package.json
  is_release "$source" && file=$source/release.json
  sed -n 's/^ *"version": *"\([^"]*\)".*/\1/p' "$file" | head -n 1
}

# Where this version goes: a folder of its own, also when the same version is installed once more.
install_version() {
  local version name folder number=1
  version=$(version_of_source)
  name=$version
  while [ -e "$root$prefix/versions/$name" ]; do
    number=$((number + 1))
    name=$version+$number
  done
  folder=$prefix/versions/$name
  if "$is_dry"; then
    say "  would copy: this version to $folder, with Node and its packages"
    return
  fi
  say "Copying version $version to $folder …"
  mkdir -p "$root$prefix/versions"
  rm -rf "$root$folder.unfinished"
  make_release "$root$folder.unfinished"
  chmod -R u=rwX,go=rX "$root$folder.unfinished"
  mv -T "$root$folder.unfinished" "$root$folder"
  if [ -L "$root$prefix/current" ]; then
    point previous "$(basename "$(readlink "$root$prefix/current")")"
  fi
  point current "$name"
  remove_old_versions
}

# point LINK NAME: by one rename, so that at every moment there is a whole version.
point() {
  ln -sfn "versions/$2" "$root$prefix/$1.new"
  mv -T "$root$prefix/$1.new" "$root$prefix/$1"
}

# The one before stays, for \`rookery update --rollback\`.
remove_old_versions() {
  local link keep=() old
  for link in current previous; do
    [ -L "$root$prefix/$link" ] && keep+=("$(basename "$(readlink "$root$prefix/$link")")")
  done
  find "$root$prefix/versions" -mindepth 1 -maxdepth 1 -printf '%f\n' |
    while read -r old; do
      case " ${keep[*]} " in
        *" $old "*) ;;
        *) rm -rf "$root$prefix/versions/${old:?}" ;;
      esac
    done
}

# --- install

install_all() {
  local node=''
  if is_release "$source"; then
    check_release
  else
    node=$(find_node)
    run "$node" "$source/scripts/run.mjs" build
  fi
  install_version
  if [ ! -e "$root$settings" ]; then put 0640 "$settings" <"$source/packaging/rookery.toml"; fi
  make_user
  put 0644 "$sysctl_file" <"$source/packaging/60-rookery.conf"
  # Some containers may not, and some systems have no sysctl: a server runs there all the same.
  on_machine sysctl --quiet --load "$sysctl_file" 2>/dev/null ||
    say 'The buffers for UDP could not be made larger here; "rookery doctor" says what they are.'
  fill_in rookery.service | put 0644 "$unit"
  fill_in command.sh | put 0755 "$command_file"
  if "$is_acme"; then put 0644 "$acme_right" <"$source/packaging/acme.conf"; fi
  on_machine systemctl daemon-reload
  service enable --quiet rookery.service
  on_machine systemctl restart rookery.service
  say_next
}

# fill_in FILE: a file of packaging/ with the paths of this installation.
fill_in() { sed "s|@HOME@|$prefix/current|g" "$source/packaging/$1"; }

say_next() {
  "$is_dry" && return
  cat <<NEXT
Rookery is installed.
  settings   $settings, then: systemctl restart rookery
  data       $data
  log        journalctl -u rookery
  updates    rookery update --check, rookery update, rookery update --rollback
  owner      sudo -u rookery rookery owner-token --data $data   (who uses it first is the owner)
  firewall   open UDP 4640 (control) and 4641 (voice); leave TCP 4642 closed, it is for this machine
             ufw allow 4640:4641/udp    or    firewall-cmd --permanent --add-port=4640-4641/udp
NEXT
  [ -e "$root$acme_right" ] || return 0
  cat <<NEXT
  ACME       set acme-domains and acme-terms in the settings, and open TCP 80
             (443 where acme-challenge is tls-alpn-01): ufw allow 80/tcp
NEXT
}

# The archive is unpacked beside, and its own script goes on.
install_archive() {
  # Not local: it goes away when the script ends.
  unpacked=$(mktemp -d)
  trap 'rm -rf "$unpacked"' EXIT
  tar -xzf "$archive" -C "$unpacked" --strip-components=1 --no-same-owner ||
    fail "$archive cannot be unpacked: it is damaged. Fetch it again. Nothing was changed."
  is_release "$unpacked" || fail "$archive is no release of the server. Nothing was changed."
  local options=()
  [ -n "$root" ] && options+=(--root "$root")
  "$is_dry" && options+=(--dry-run)
  "$is_acme" && options+=(--acme)
  "$unpacked/scripts/install.sh" "${options[@]}"
}

check_machine
if "$is_uninstall"; then
  uninstall
elif [ -n "$archive" ]; then
  install_archive
else
  install_all
fi
