import type { AudioDevice, DeviceInfo } from '../engine/audio/device/audioDevice.js';
import { openFileDevice } from '../engine/audio/device/fileDevice.js';
import { openPortAudio } from '../engine/audio/device/portAudioDevice.js';
import { ClientError } from '../engine/clientError.js';

/** Files in place of a device, as the command line names them. */
export interface SoundFiles {
  readonly inputFile?: string;
  readonly outputFile?: string;
}

/** Opens this machine's devices, or the files that stand in for them. */
export function openSoundDevice({ inputFile, outputFile }: SoundFiles): AudioDevice {
  if (inputFile === undefined && outputFile === undefined) return openPortAudio();
  const files = openFileDevice({ inPath: inputFile ?? null, outPath: outputFile ?? null });
  if (inputFile !== undefined && outputFile !== undefined) return files;
  const machine = openPortAudio();
  return inputFile === undefined ? sidesOf(machine, files) : sidesOf(files, machine);
}

/** A device that captures with one and plays with another. */
function sidesOf(input: AudioDevice, output: AudioDevice): AudioDevice {
  return {
    list: async () => {
      const [inputs, outputs] = await Promise.all([input.list(), output.list()]);
      return [
        ...inputs.filter(({ inputChannels }) => inputChannels > 0),
        ...outputs.filter(({ outputChannels }) => outputChannels > 0),
      ];
    },
    open: (direction, deviceId, bufferMs) =>
      (direction === 'input' ? input : output).open(direction, deviceId, bufferMs),
    close: async () => {
      await Promise.all([input.close(), output.close()]);
    },
  };
}

/**
 * Finds a device by its id, its name, or a part of its name.
 *
 * @throws ClientError `noAudioDevice` naming those that are there
 */
export function findDevice(
  devices: readonly DeviceInfo[],
  side: 'input' | 'output',
  text: string,
): DeviceInfo {
  const fit = devices.filter(
    ({ inputChannels, outputChannels }) => (side === 'input' ? inputChannels : outputChannels) > 0,
  );
  const exact = fit.find(({ id, name }) => id === text || name === text);
  const wanted = text.toLowerCase();
  const alike = fit.filter(({ name }) => name.toLowerCase().includes(wanted));
  const found = exact ?? (alike.length === 1 ? alike[0] : undefined);
  if (found !== undefined) return found;
  const present = fit.map(({ name }) => `"${name}"`).join(', ') || 'none';
  const why = alike.length > 1 ? 'fits several devices' : 'is no device';
  throw new ClientError('noAudioDevice', `"${text}" ${why} for ${side}; there is ${present}`);
}
