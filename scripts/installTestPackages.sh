#!/usr/bin/env bash
# Installs the system packages that tests and the demo use, where they are missing (Debian, Ubuntu).
set -euo pipefail

packages=(
  alsa-utils         # recorded human voices as WAV files, and the library that PortAudio loads
  chromium           # in which the client's window is tried
  libasound2-plugins # the way from that library to a sound server
  prometheus         # which scrapes a server, and checks what it is told
  pulseaudio         # the sound server of the virtual sound device
  pulseaudio-utils   # pactl, which plugs virtual devices in and out
  shellcheck         # reads the scripts
  systemd            # systemd-analyze, which reads the unit of the service
)

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
if [ "${#missing[@]}" -eq 0 ]; then
  echo "test packages: all there"
  exit 0
fi

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "test packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -q -y --no-install-recommends "${missing[@]}"
