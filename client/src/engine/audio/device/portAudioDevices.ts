import { ClientError } from '../../clientError.js';
import type { DeviceInfo } from './audioDevice.js';
import type { PortAudioLibrary } from './portAudioLibraryCalls.js';

/** A device of the list that a library holds since it was initialised. */
export interface ListedDevice {
  readonly info: DeviceInfo;
  /** PortAudio's own, of this initialisation. */
  readonly index: number;
}

/** @param portAudio initialised */
export function listDevices(portAudio: PortAudioLibrary): ListedDevice[] {
  const [defaultInput, defaultOutput] = [portAudio.defaultInput(), portAudio.defaultOutput()];
  const listed: ListedDevice[] = [];
  const count = portAudio.deviceCount();
  for (let index = 0; index < count; index++) {
    const device = portAudio.device(index);
    const plainId = `${portAudio.hostApiName(device.hostApi)}:${device.name}`;
    const info: DeviceInfo = {
      id: distinctId(plainId, listed),
      name: device.name,
      inputChannels: device.maxInputChannels,
      outputChannels: device.maxOutputChannels,
      sampleRate: device.defaultSampleRate,
      isDefaultInput: index === defaultInput,
      isDefaultOutput: index === defaultOutput,
    };
    listed.push({ info, index });
  }
  return listed;
}

/** Two devices of one name are told apart by their order, which is all that does. */
function distinctId(plainId: string, listed: readonly ListedDevice[]): string {
  const isTaken = (id: string): boolean => listed.some(({ info }) => info.id === id);
  let id = plainId;
  for (let number = 2; isTaken(id); number++) id = `${plainId}#${number}`;
  return id;
}

/**
 * Lets `use` work with an initialised library, and ends it.
 *
 * @throws ClientError 'audioDeviceFailed' where the system's sound does not start
 */
export function withPortAudio<T>(portAudio: PortAudioLibrary, use: () => T): T {
  const error = portAudio.initialize();
  if (error < 0) {
    const reason = portAudio.errorText(error);
    throw new ClientError('audioDeviceFailed', `the system's sound does not start: ${reason}`);
  }
  try {
    return use();
  } finally {
    portAudio.terminate();
  }
}
