import { TransportError } from '@rookery/transport/transportError';
import { openBatchLoadSockets } from './batchLoadSockets.js';
import { openPortableLoadSockets } from './portableLoadSockets.js';

/**
 * @param packet valid during the call only
 * @param arrivedAtUs on the clock of `nowUs`
 */
export type LoadReceiver = (
  socket: number,
  packet: Uint8Array,
  length: number,
  arrivedAtUs: number,
) => void;

/** Sockets on loopback, numbered from 0, that all send to one port. One thread. */
export interface LoadSockets {
  readonly kind: 'batch' | 'portable';
  readonly localPorts: readonly number[];
  /** A packet is written here and then sent. */
  readonly outgoing: Uint8Array;
  /** Sends what stands at the start of `outgoing`. */
  send(socket: number, length: number): void;
  /** Hands over what has arrived, or a part of it. @returns how many datagrams */
  receive(receiver: LoadReceiver): number;
  /** Lets time pass, at most so long; a promise where the event loop has to turn for it. */
  wait(microseconds: number): Promise<void> | undefined;
  close(): Promise<void>;
}

/** Batch sockets where the platform has them, portable ones elsewhere. */
export async function openLoadSockets(count: number, remotePort: number): Promise<LoadSockets> {
  try {
    return openBatchLoadSockets(count, remotePort);
  } catch (error) {
    if (!(error instanceof TransportError) || error.code !== 'unsupportedPlatform') throw error;
    return await openPortableLoadSockets(count, remotePort);
  }
}
