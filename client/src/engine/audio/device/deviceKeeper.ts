import { setTimeout as delay } from 'node:timers/promises';
import type { EngineFault } from '../../engineState.js';
import { faultOf } from '../../sessionFaults.js';
import { aborted } from '../aborted.js';
import { monotonicMs } from '../monotonicClock.js';
import type { AudioDevice, DeviceInfo, DeviceStream, StreamDirection } from './audioDevice.js';
import { deviceLimits } from './deviceLimits.js';
import { deviceOff, type DeviceState } from './deviceState.js';

export interface DeviceKeeperOptions {
  readonly direction: StreamDirection;
  /** Wished length of what the device moves at a time. */
  readonly bufferMs: number;
  /** The stream to use from now on; null where there is none any more. */
  readonly onStream: (stream: DeviceStream | null) => void;
  readonly onState: (state: DeviceState) => void;
  /** How often a device that is not there is looked for; every two seconds where left out. */
  readonly searchMs?: number;
}

/** What was opened, for which wish. */
interface Opened {
  readonly wishedId: string | null;
  readonly stream: DeviceStream;
  readonly device: DeviceInfo | null;
  /** Why another device than the chosen one was opened; null where it is the chosen one. */
  readonly problem: EngineFault | null;
}

/**
 * Keeps one side of the sound running: opens the chosen device, else the default, else waits until
 * there is one. A device that vanishes is replaced by the default, and taken again when it is back;
 * sound goes on over the other one until then. Belongs to the thread that made it; nothing runs
 * before the first `choose`.
 */
export class DeviceKeeper {
  readonly #device: AudioDevice;
  readonly #options: DeviceKeeperOptions;
  readonly #searchMs: number;
  #wishedId: string | null = null;
  /** Aborted when what is being done is not wished any more. */
  #interruption = new AbortController();
  #isClosed = false;
  #keeping: Promise<void> | null = null;

  constructor(device: AudioDevice, options: DeviceKeeperOptions) {
    this.#device = device;
    this.#options = options;
    this.#searchMs = options.searchMs ?? deviceLimits.searchMs;
  }

  /** @param deviceId null for the system's default; to choose the same again tries it at once */
  choose(deviceId: string | null): void {
    if (this.#isClosed) return;
    this.#wishedId = deviceId;
    this.#interrupt();
    this.#options.onState({ ...deviceOff, phase: 'opening', wishedId: deviceId });
    this.#keeping ??= this.#keep();
  }

  /** Resolves once the device is free. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#interrupt();
    await this.#keeping;
    this.#options.onState(deviceOff);
  }

  #interrupt(): void {
    this.#interruption.abort();
    this.#interruption = new AbortController();
  }

  async #keep(): Promise<void> {
    let next: Opened | null = null;
    while (!this.#isClosed) {
      const { signal } = this.#interruption;
      const opened: Opened | EngineFault = next ?? (await this.#openFor(this.#wishedId));
      next = null;
      if (!('stream' in opened)) await this.#wait(opened, signal);
      else if (signal.aborted || opened.wishedId !== this.#wishedId) await this.#drop(opened);
      else next = await this.#run(opened, signal);
    }
    if (next !== null) await this.#drop(next);
  }

  /** Ends what is not wished any more by the time that it is open. */
  async #drop({ stream }: Opened): Promise<void> {
    this.#options.onStream(null);
    await stream.close();
  }

  /** Opens the chosen device or the default. @returns the fault where neither opens */
  async #openFor(wishedId: string | null): Promise<Opened | EngineFault> {
    let problem: EngineFault | null = null;
    for (const deviceId of wishedId === null ? [null] : [wishedId, null]) {
      const opened = await this.#open(wishedId, deviceId, problem);
      if ('stream' in opened) return opened;
      problem ??= opened;
    }
    return problem!;
  }

  async #open(
    wishedId: string | null,
    deviceId: string | null,
    problem: EngineFault | null,
  ): Promise<Opened | EngineFault> {
    const { direction, bufferMs } = this.#options;
    try {
      const stream = await this.#device.open(direction, deviceId, bufferMs);
      return { wishedId, stream, device: await this.#find(deviceId), problem };
    } catch (error) {
      return faultOf(error);
    }
  }

  /** What the list says of a device that runs. */
  async #find(deviceId: string | null): Promise<DeviceInfo | null> {
    const isDefault = this.#options.direction === 'input' ? 'isDefaultInput' : 'isDefaultOutput';
    try {
      const devices = await this.#device.list();
      return (
        devices.find((info) => (deviceId === null ? info[isDefault] : info.id === deviceId)) ?? null
      );
    } catch {
      // It runs all the same.
      return null;
    }
  }

  /** Waits before the next try. */
  async #wait(problem: EngineFault, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const wishedId = this.#wishedId;
    this.#options.onState({ ...deviceOff, phase: 'waiting', wishedId, problem });
    await pause(this.#searchMs, signal);
  }

  /**
   * Lets a stream run until it ends, another device is chosen or the chosen one is back.
   *
   * @returns the chosen one, opened, where it is back
   */
  async #run(opened: Opened, signal: AbortSignal): Promise<Opened | null> {
    const { wishedId, stream, device, problem } = opened;
    const isFallback = problem !== null;
    const sinceMs = monotonicMs();
    this.#options.onStream(stream);
    this.#options.onState({ phase: 'running', wishedId, device, isFallback, problem });
    const search = new AbortController();
    const ended = stream.ended.then((fault) => ({ fault }));
    const back = isFallback ? this.#untilBack(wishedId!, search.signal) : null;
    const outcome = await Promise.race([ended, aborted(signal), ...(back === null ? [] : [back])]);
    search.abort();
    if (outcome !== null && 'stream' in outcome) {
      // The next stream need not wait for the end of this one.
      void stream.close();
      return outcome;
    }
    void back?.then((late) => late?.stream.close());
    await this.#drop(opened);
    // A device that ends as soon as it runs would else be opened all the time.
    const isShort = monotonicMs() - sinceMs < this.#searchMs;
    if (outcome?.fault && isShort) await this.#wait(faultOf(outcome.fault), signal);
    return null;
  }

  /** Looks for the chosen device until it opens. @returns null where that is not wished any more */
  async #untilBack(wishedId: string, signal: AbortSignal): Promise<Opened | null> {
    for (;;) {
      await pause(this.#searchMs, signal);
      if (signal.aborted) return null;
      if ((await this.#find(wishedId)) === null) continue;
      const opened = await this.#open(wishedId, wishedId, null);
      if ('stream' in opened) return opened;
    }
  }
}

/** Passes the time; ends early where `signal` is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
