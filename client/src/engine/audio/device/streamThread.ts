import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, type Worker } from 'node:worker_threads';
import { RingHeader } from '@rookery/schemas/ringHeader';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { ClientError, type ClientErrorCode } from '../../clientError.js';
import { createSampleRing, SpscSampleRing } from '../spscSampleRing.js';
import { workerExit } from '../workerExit.js';
import { streamTable, type DeviceStream, type StreamDirection } from './audioDevice.js';
import { deviceLimits, deviceRingSamples } from './deviceLimits.js';

/** What a stream's thread found when it opened its device. */
export interface StreamFormat {
  readonly direction: StreamDirection;
  readonly deviceName: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bufferFrames: number;
}

/** What a stream's thread says: `running` once, or `fault` as its last word. */
export type StreamMessage =
  | {
      readonly kind: 'running';
      readonly format: StreamFormat;
      readonly ring: SharedArrayBuffer;
      readonly table: SharedTableMemory;
    }
  | { readonly kind: 'fault'; readonly code: ClientErrorCode; readonly message: string };

/** A stream inside its own thread: the thread is the ring's device side and the table's writer. */
export interface OwnStream {
  readonly ring: SpscSampleRing;
  readonly columns: ReturnType<typeof streamTable.allocate>['columns'];
}

/**
 * In a stream's thread, once its device is open: makes ring and table, and tells whoever started
 * the thread. From then on the thread lives until the ring is closed.
 */
export function announceStream(format: StreamFormat): OwnStream {
  const ring = createSampleRing(deviceRingSamples(format.sampleRate, format.channels));
  const table = streamTable.allocate(1);
  const message: StreamMessage = { kind: 'running', format, ring, table: table.memory };
  parentPort!.postMessage(message);
  return { ring: new SpscSampleRing(ring), columns: table.columns };
}

/** In a stream's thread: why it ends. */
export function reportFault(error: ClientError): void {
  const message: StreamMessage = { kind: 'fault', code: error.code, message: error.message };
  parentPort!.postMessage(message);
}

/**
 * Waits until the device of a stream's thread runs.
 *
 * @param worker just started; it uses `announceStream` and `reportFault`
 * @throws ClientError as the thread reports, or audioDeviceFailed where it died
 */
export async function runningStream(worker: Worker): Promise<DeviceStream> {
  const fate = fateOf(worker);
  const running = new Promise<RunningMessage>((resolve) => {
    worker.on('message', (message: StreamMessage) => {
      if (message.kind === 'running') resolve(message);
    });
  });
  const first = await Promise.race([running, fate]);
  if (first === null) throw new ClientError('audioDeviceFailed', 'the sound device ended at once');
  if (first instanceof ClientError) throw first;
  return new ThreadedStream(worker, first, fate);
}

type RunningMessage = Extract<StreamMessage, { readonly kind: 'running' }>;

/** Resolves once the thread has ended: with its fault, or null where it was asked to. */
async function fateOf(worker: Worker): Promise<ClientError | null> {
  const faults: ClientError[] = [];
  worker.on('message', (message: StreamMessage) => {
    if (message.kind === 'fault') faults.push(new ClientError(message.code, message.message));
  });
  try {
    await workerExit(worker, 'a sound device');
    return faults[0] ?? null;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new ClientError('audioDeviceFailed', reason, { cause });
  }
}

class ThreadedStream implements DeviceStream {
  readonly direction: StreamDirection;
  readonly deviceName: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bufferFrames: number;
  readonly ring: SharedArrayBuffer;
  readonly table: SharedTableMemory;
  readonly ended: Promise<ClientError | null>;
  readonly #worker: Worker;
  readonly #header: RingHeader;

  constructor(worker: Worker, running: RunningMessage, fate: Promise<ClientError | null>) {
    const { format, ring, table } = running;
    this.direction = format.direction;
    this.deviceName = format.deviceName;
    this.sampleRate = format.sampleRate;
    this.channels = format.channels;
    this.bufferFrames = format.bufferFrames;
    this.ring = ring;
    this.table = table;
    this.#worker = worker;
    this.#header = new RingHeader(ring);
    // Whoever sleeps on the ring must not sleep on for a device that is gone.
    this.ended = fate.then((fault) => {
      this.#header.close();
      return fault;
    });
  }

  async close(): Promise<void> {
    this.#header.close();
    const patience = new AbortController();
    const hangs = delay(deviceLimits.closeMsMax, true, { signal: patience.signal, ref: false });
    const isHanging = await Promise.race([this.ended.then(() => false), hangs]);
    patience.abort();
    hangs.catch(() => undefined);
    if (isHanging) this.#worker.unref();
  }
}
