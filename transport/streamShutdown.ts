import quiche from '@matrixai/quic/native/quiche.js';
import type { Connection } from '@matrixai/quic/native/types.js';
import type { StreamId } from './quicTypes.js';

/** Ends both directions of a stream at once. */
export function shutDownStream(native: Connection, stream: StreamId, code: number): void {
  for (const direction of [quiche.Shutdown.Write, quiche.Shutdown.Read]) {
    try {
      native.streamShutdown(stream, direction, code);
    } catch {
      // A unidirectional stream has one direction, and one that has ended has none.
      continue;
    }
  }
}
