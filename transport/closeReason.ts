import type { Connection, ConnectionError } from '@matrixai/quic/native/types.js';
import type { QuicClose } from './quicTypes.js';

/** Codes with which an endpoint itself closes a connection (RFC 9000 section 20.1). */
export const closeCode = {
  noError: 0,
  internalError: 1,
  connectionRefused: 2,
  protocolViolation: 10,
} as const;

const utf8 = new TextDecoder();

/** Tells from the library's state why a connection is over that the application did not close. */
export function closeReasonOf(native: Connection, isInHandshake: boolean): QuicClose {
  const byPeer = native.peerError();
  if (byPeer !== null) return closeOf('peer', byPeer);
  const byUs = native.localError();
  if (byUs !== null) return closeOf('local', byUs);
  if (native.isTimedOut()) {
    const by = isInHandshake ? 'handshakeTimeout' : 'idleTimeout';
    return { by, isApplication: false, code: 0, reason: 'nothing was heard of the peer' };
  }
  // The one way to end without an error of either side (RFC 9000 section 10.3.1).
  const reason = 'the peer has forgotten this connection';
  return { by: 'statelessReset', isApplication: false, code: 0, reason };
}

function closeOf(by: 'peer' | 'local', error: ConnectionError): QuicClose {
  const reason = error.reason.length === 0 ? '' : utf8.decode(error.reason);
  return { by, isApplication: error.isApp, code: error.errorCode, reason };
}
