import type { DeviceInfo } from '../engine/audio/device/audioDevice.js';
import { assertNotHidden } from '../engine/audio/device/portAudioFaults.js';
import { openPortAudio } from '../engine/audio/device/portAudioDevice.js';
import { deviceTable } from './deviceTable.js';
import type { Output } from './output.js';

/**
 * Tells which sound devices this machine has.
 *
 * @throws ClientError noAudioLibrary | audioNotAllowed | audioDeviceFailed
 */
export async function showDevices(output: Output): Promise<void> {
  const device = openPortAudio();
  try {
    const devices: readonly DeviceInfo[] = await device.list();
    if (devices.length === 0) assertNotHidden();
    output.table({ event: 'devices', devices }, deviceTable(devices));
  } finally {
    await device.close();
  }
}
