import type { Connection } from '@matrixai/quic/native/types.js';
import type { CertificateIdentity } from './certificateIdentity.js';
import type { OverheadLedger } from './peerBudget.js';
import type { PeerCertificates } from './peerCertificates.js';
import type { QuicConnection } from './quicConnection.js';
import type { ConnectionId, QuicCounters, QuicLimits } from './quicTypes.js';
import type { UdpAddress } from './udpSocket.js';

/** What a connection needs of the endpoint that it belongs to. */
export interface ConnectionHost {
  readonly role: 'server' | 'client';
  readonly limits: QuicLimits;
  readonly localAddress: UdpAddress;
  readonly counters: QuicCounters;
  readonly overhead: OverheadLedger;
  readonly peerCertificates: PeerCertificates;
  /** Memory for one read, used within a call only. */
  readonly scratch: Uint8Array;
  addConnectionId(id: Uint8Array, connection: QuicConnection): void;
  /** The handshake is done, or came to nothing. */
  handshakeEnded(connection: QuicConnection): void;
  /** Nothing but the closed event is left for the application. */
  connectionEnded(connection: QuicConnection): void;
}

/** Where a connection begins. */
export interface ConnectionOrigin {
  readonly number: ConnectionId;
  readonly native: Connection;
  /** The id that the peer's packets carry at first. */
  readonly sourceId: Uint8Array;
  /** What the server's door counts the peer under; of a client's connections empty. */
  readonly sourceKey: string;
  readonly remote: UdpAddress;
  /** The one that this server shows on it; null on a client. */
  readonly certificate: CertificateIdentity | null;
  readonly nowMs: number;
}
