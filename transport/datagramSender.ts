import type { Connection } from '@matrixai/quic/native/types.js';
import type { QuicCounters } from './quicTypes.js';

/**
 * Queues a datagram; where the queue is full, the oldest makes room, since the newest sound or
 * state is worth most.
 *
 * @returns false when the peer takes no datagrams, or none as long as this
 */
export function sendDatagram(
  native: Connection,
  bytes: Uint8Array,
  counters: QuicCounters,
): boolean {
  if (bytes.length > (native.dgramMaxWritableLen() ?? 0)) return false;
  if (native.isDgramSendQueueFull()) {
    dropOldest(native);
    counters.droppedDatagrams++;
  }
  try {
    return native.dgramSend(bytes) !== null;
  } catch {
    return false;
  }
}

function dropOldest(native: Connection): void {
  let isFirst = true;
  native.dgramPurgeOutgoing(() => {
    const isOldest = isFirst;
    isFirst = false;
    return isOldest;
  });
}
