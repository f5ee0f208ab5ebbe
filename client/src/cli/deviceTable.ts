import type { DeviceInfo } from '../engine/audio/device/audioDevice.js';

const headings = ['Device', 'In', 'Out', 'Rate', 'Id'] as const;

/** More channels than these are what a driver would mix, not what a device has. */
const channelsMax = 8;

const noDevices =
  'No sound device on this machine: plug in a headset, or start its sound server, and try again.';

/**
 * Sound devices as lines for a person: a `*` marks what is used where nothing is chosen. Pure.
 *
 * @returns where there are none, what to do
 */
export function deviceTable(devices: readonly DeviceInfo[]): string[] {
  if (devices.length === 0) return [noDevices];
  const rows = [headings, ...devices.map(rowOf)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return [
    ...rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    ),
    '* is used where none is chosen; choose others with --input ID and --output ID.',
  ];
}

function rowOf(device: DeviceInfo): string[] {
  return [
    device.name,
    channelsOf(device.inputChannels, device.isDefaultInput),
    channelsOf(device.outputChannels, device.isDefaultOutput),
    `${device.sampleRate / 1_000} kHz`,
    device.id,
  ];
}

function channelsOf(channels: number, isDefault: boolean): string {
  if (channels === 0) return '-';
  const count = channels > channelsMax ? `${channelsMax}+` : String(channels);
  return isDefault ? `${count} *` : count;
}
