import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { senderLimits } from './audioLimits.js';
import type { OpusEncoderOptions } from './opusCodec.js';
import { encoderTable, wishEncoding, wishFrameMs } from './encoderWishes.js';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { createSampleRing, SpscSampleRing } from './spscSampleRing.js';
import { workerExit } from './workerExit.js';

/** What `encoderWorker.ts` is started with. */
export interface EncoderWorkerData {
  readonly pcm: SharedArrayBuffer;
  readonly packets: SharedArrayBuffer;
  /** Memory of `encoderTable`. */
  readonly wishes: SharedTableMemory;
  readonly options: OpusEncoderOptions;
}

/**
 * A running encoder worker. Whoever holds it is the producer of `pcm` and the consumer of
 * `packets`: for every frame of samples one record of `encodedFrame.ts`, in order. Closing `pcm`
 * ends the thread once it has encoded what is there.
 */
export interface EncoderThread {
  readonly pcm: SpscSampleRing;
  readonly packets: SpscRecordRing;
  /** Resolves when the thread has ended, rejects with ClientError 'internal' when it died. */
  readonly exited: Promise<void>;
  /** Ends the thread at once, whatever it does. */
  kill(): void;
  /** From the next frame that is encoded. @param bitrate bits a second to aim at */
  setEncoding(bitrate: number, fec: OpusEncoderOptions['fec']): void;
  /** Length of the frames that are pushed from now on; to be called while none is in flight. */
  setFrameMs(frameMs: number): void;
}

/**
 * Starts the thread and waits until its encoder is ready.
 *
 * @param entry the worker's file
 * @throws ClientError 'internal' where it does not start
 */
export async function startEncoderThread(
  options: OpusEncoderOptions,
  entry: URL,
): Promise<EncoderThread> {
  const pcm = createSampleRing(senderLimits.pcmRingSamples);
  const packets = createRecordRing(senderLimits.packetRingBytes);
  const wishes = encoderTable.allocate(1);
  wishEncoding(wishes, options);
  const workerData: EncoderWorkerData = { pcm, packets, wishes: wishes.memory, options };
  const worker = new Worker(entry, { workerData });
  const thread: EncoderThread = {
    pcm: new SpscSampleRing(pcm),
    packets: new SpscRecordRing(packets),
    exited: workerExit(worker, 'encoding'),
    kill: () => void worker.terminate(),
    setEncoding: (bitrate, fec) => wishEncoding(wishes, { ...options, bitrate, fec }),
    setFrameMs: (frameMs) => wishFrameMs(wishes, frameMs),
  };
  // A reader of `packets` must not sleep on for a thread that is gone.
  const wakeReader = (): void => thread.packets.header.close();
  thread.exited.then(wakeReader, wakeReader);
  await Promise.race([once(worker, 'message'), thread.exited]);
  return thread;
}
