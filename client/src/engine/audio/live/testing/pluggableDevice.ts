import { ClientError } from '../../../clientError.js';
import type {
  AudioDevice,
  DeviceInfo,
  DeviceStream,
  StreamDirection,
} from '../../device/audioDevice.js';

/** Another device with a plug to pull: whatever runs ends then, and nothing opens. */
export class PluggableDevice implements AudioDevice {
  private fault: ClientError | null = null;
  private readonly pulls = new Set<(fault: ClientError) => void>();

  constructor(private readonly device: AudioDevice) {}

  /** Streams end, and none opens, with this code. */
  pull(code: 'noAudioDevice' | 'audioDeviceInUse' | 'audioNotAllowed'): void {
    this.fault = new ClientError(code, `the plug was pulled: ${code}`);
    for (const pull of [...this.pulls]) pull(this.fault);
  }

  plugIn(): void {
    this.fault = null;
  }

  async list(): Promise<readonly DeviceInfo[]> {
    return this.fault === null ? await this.device.list() : [];
  }

  async open(
    direction: StreamDirection,
    deviceId: string | null,
    bufferMs: number,
  ): Promise<DeviceStream> {
    if (this.fault !== null) throw this.fault;
    const stream = await this.device.open(direction, deviceId, bufferMs);
    const pulled = new Promise<ClientError>((resolve) => {
      const pull = (fault: ClientError): void => {
        this.pulls.delete(pull);
        void stream.close().then(() => resolve(fault));
      };
      this.pulls.add(pull);
    });
    return { ...plain(stream), ended: Promise.race([pulled, stream.ended]) };
  }

  close(): Promise<void> {
    return this.device.close();
  }
}

function plain(stream: DeviceStream): DeviceStream {
  const { direction, deviceName, sampleRate, channels, bufferFrames, ring, table, ended } = stream;
  const format = { direction, deviceName, sampleRate, channels, bufferFrames };
  return { ...format, ring, table, ended, close: () => stream.close() };
}
