import { ClientError } from '../../clientError.js';
import type { AudioDevice, DeviceStream } from './audioDevice.js';

/** A machine without sound: nothing is listed and nothing opens. Any thread; holds nothing. */
export function openNoDevice(): AudioDevice {
  return {
    list: () => Promise.resolve([]),
    open: (direction): Promise<DeviceStream> => {
      const use = direction === 'input' ? 'captures' : 'plays';
      const message = `this client ${use} no sound: it was started without sound devices`;
      return Promise.reject(new ClientError('noAudioDevice', message));
    },
    close: () => Promise.resolve(),
  };
}
