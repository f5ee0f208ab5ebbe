import type { MessagePort, Worker } from 'node:worker_threads';
import { RingHeader } from '@rookery/schemas/ringHeader';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { ClientError, type ClientErrorCode } from '../../clientError.js';
import { createSampleRing, SpscSampleRing } from '../spscSampleRing.js';
import { workerExit } from '../workerExit.js';
import { streamTable, type DeviceStream, type StreamDirection } from './audioDevice.js';
import { deviceLimits, deviceRingSamples } from './deviceLimits.js';
import { leaveBehind } from './leaveBehind.js';
import { withinMs } from './withinMs.js';

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
 *
 * @param port to whoever started the thread
 */
export function announceStream(port: MessagePort, format: StreamFormat): OwnStream {
  const ring = createSampleRing(deviceRingSamples(format.sampleRate, format.channels));
  const table = streamTable.allocate(1);
  const message: StreamMessage = { kind: 'running', format, ring, table: table.memory };
  port.postMessage(message);
  return { ring: new SpscSampleRing(ring), columns: table.columns };
}

/** In a stream's thread: why it ends. */
export function reportFault(port: MessagePort, error: ClientError): void {
  const message: StreamMessage = { kind: 'fault', code: error.code, message: error.message };
  port.postMessage(message);
}

/**
 * Waits until the device of a stream's thread runs.
 *
 * @param worker just started; it uses `announceStream` and `reportFault`
 * @throws ClientError as the thread reports, or audioDeviceFailed where it died or hangs
 */
export async function runningStream(worker: Worker): Promise<DeviceStream> {
  const fate = fateOf(worker);
  const running = new Promise<RunningMessage>((resolve) => {
    worker.on('message', (message: StreamMessage) => {
      if (message.kind === 'running') resolve(message);
    });
  });
  const first = await withinMs(deviceLimits.openMsMax, Promise.race([running, fate.fault]));
  if (first instanceof ClientError) throw first;
  if (first !== null) return new ThreadedStream(worker, first, fate);
  leaveBehind(worker);
  throw new ClientError('audioDeviceFailed', 'the sound device does not answer; choose another');
}

type RunningMessage = Extract<StreamMessage, { readonly kind: 'running' }>;

/** How a thread ends. */
interface Fate {
  /** Why it ends, as soon as that is known; null where it was asked to. */
  readonly fault: Promise<ClientError | null>;
  /** Resolves once it is gone. */
  readonly exited: Promise<void>;
}

function fateOf(worker: Worker): Fate {
  const told = new Promise<ClientError>((resolve) => {
    worker.on('message', (message: StreamMessage) => {
      if (message.kind === 'fault') resolve(new ClientError(message.code, message.message));
    });
  });
  const ended = workerExit(worker, 'a sound device').then(
    () => null,
    (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return new ClientError('audioDeviceFailed', reason, { cause });
    },
  );
  return { fault: Promise.race([told, ended]), exited: ended.then(() => undefined) };
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
  readonly #exited: Promise<void>;
  readonly #header: RingHeader;
  #closing: Promise<void> | null = null;

  constructor(worker: Worker, running: RunningMessage, fate: Fate) {
    const { format, ring, table } = running;
    this.direction = format.direction;
    this.deviceName = format.deviceName;
    this.sampleRate = format.sampleRate;
    this.channels = format.channels;
    this.bufferFrames = format.bufferFrames;
    this.ring = ring;
    this.table = table;
    this.#worker = worker;
    this.#exited = fate.exited;
    this.#header = new RingHeader(ring);
    // Whoever sleeps on the ring must not sleep on for a device that is gone.
    this.ended = fate.fault.then((fault) => {
      void this.close();
      return fault;
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#header.close();
    const gone = await withinMs(
      deviceLimits.closeMsMax,
      this.#exited.then(() => 'gone' as const),
    );
    if (gone === null) leaveBehind(this.#worker);
  }
}
