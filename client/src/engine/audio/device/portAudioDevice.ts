import { Worker } from 'node:worker_threads';
import type { AudioDevice, DeviceInfo, DeviceStream, StreamDirection } from './audioDevice.js';
import { PortAudioLister } from './portAudioLister.js';
import type { PortAudioStreamData } from './portAudioStream.js';
import { runningStream } from './streamThread.js';

/**
 * The sound devices of this machine, by PortAudio. Nothing is loaded before the first call; each
 * stream has a thread of its own, and so has the list.
 */
export function openPortAudio(): AudioDevice {
  return new PortAudioDevice();
}

class PortAudioDevice implements AudioDevice {
  readonly #lister = new PortAudioLister();
  readonly #streams = new Set<DeviceStream>();
  #listed: readonly DeviceInfo[] = [];

  async list(): Promise<readonly DeviceInfo[]> {
    const fresh = await this.#lister.list();
    // A device that only one program can open is not listed while this one has it.
    const taken = this.#listed.filter(
      ({ id, name }) => this.#isRunning(name) && !fresh.some((device) => device.id === id),
    );
    this.#listed = [...fresh, ...taken];
    return this.#listed;
  }

  async open(
    direction: StreamDirection,
    deviceId: string | null,
    bufferMs: number,
  ): Promise<DeviceStream> {
    const workerData: PortAudioStreamData = { direction, deviceId, bufferMs };
    const entry = new URL('./portAudioStreamWorker.js', import.meta.url);
    const stream = await runningStream(new Worker(entry, { workerData }));
    this.#streams.add(stream);
    void stream.ended.then(() => this.#streams.delete(stream));
    return stream;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#streams].map((stream) => stream.close()));
    await this.#lister.close();
  }

  #isRunning(deviceName: string): boolean {
    return [...this.#streams].some((stream) => stream.deviceName === deviceName);
  }
}
