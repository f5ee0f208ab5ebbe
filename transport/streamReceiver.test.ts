import type { Connection } from '@matrixai/quic/native/types.js';
import { expect, it } from 'vitest';
import { StreamReceiver } from './streamReceiver.js';

it('does not go on asking for a stream that cannot be read', () => {
  // The real library has not been seen to do this; were it to, a thread would spin for ever.
  const native: Partial<Connection> = {
    isReadable: () => true,
    streamReadable: () => true,
    readable: () => [4],
    streamRecv: () => {
      throw new Error('InvalidStreamState(4)');
    },
  };
  const receiver = new StreamReceiver(native as Connection, new Uint8Array(8));
  expect(receiver.next()).toBe(null);
});
