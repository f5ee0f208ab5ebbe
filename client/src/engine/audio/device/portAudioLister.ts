import { Worker } from 'node:worker_threads';
import { ClientError } from '../../clientError.js';
import type { EngineFault } from '../../engineState.js';
import type { DeviceInfo } from './audioDevice.js';
import { deviceLimits } from './deviceLimits.js';
import { withinMs } from './withinMs.js';
import { leaveBehind } from './leaveBehind.js';

/** What `portAudioListWorker.ts` answers. */
export type ListAnswer =
  | { readonly kind: 'devices'; readonly devices: readonly DeviceInfo[] }
  | { readonly kind: 'fault'; readonly fault: EngineFault };

/** Lists devices in a thread of its own, because asking the drivers takes its time. */
export class PortAudioLister {
  #worker: Worker | null = null;
  #pending: Promise<readonly DeviceInfo[]> | null = null;

  /** Who asks while another list is made gets that one. @throws ClientError as `AudioDevice` */
  list(): Promise<readonly DeviceInfo[]> {
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async close(): Promise<void> {
    await this.#pending?.catch(() => undefined);
    await this.#worker?.terminate();
    this.#worker = null;
  }

  async #ask(): Promise<readonly DeviceInfo[]> {
    const entry = new URL('./portAudioListWorker.js', import.meta.url);
    const worker = this.#worker ?? new Worker(entry);
    worker.ref();
    worker.postMessage('list');
    // Until it has given a list it is not known to be of any use.
    this.#worker = null;
    const answer = await withinMs(deviceLimits.listMsMax, answerOf(worker));
    worker.unref();
    if (answer?.kind === 'devices') {
      this.#worker = worker;
      return answer.devices;
    }
    if (answer === null) {
      leaveBehind(worker);
      throw new ClientError('audioDeviceFailed', "the system's sound does not answer; restart it");
    }
    void worker.terminate();
    throw new ClientError(answer.fault.code, answer.fault.message);
  }
}

/** @throws ClientError audioDeviceFailed where the thread died */
function answerOf(worker: Worker): Promise<ListAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      worker.off('message', onMessage).off('error', onError);
      finish();
    };
    const onMessage = (answer: ListAnswer): void => settle(() => resolve(answer));
    const onError = (cause: Error): void => {
      const message = `the thread that lists sound devices died: ${cause.message}`;
      settle(() => reject(new ClientError('audioDeviceFailed', message, { cause })));
    };
    worker.on('message', onMessage).on('error', onError);
  });
}
