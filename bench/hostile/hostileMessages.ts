/** What a hostile peer does, and how it is told of. */
export const attackNames = {
  halfOpen: 'handshakes that are begun and left',
  slowReader: 'clients that log in and read nothing on any stream',
  silentStreams: 'peers that open all streams and send nothing on them',
  optimisticAck: 'clients that acknowledge packets that were never sent',
  retireIds: 'peers that give connection ids and retire them, endlessly',
  cryptoGaps: 'peers that send CRYPTO frames of one byte behind gaps',
  oneStream: 'all bytes to one stream, over every limit',
} as const;

export type AttackKind = keyof typeof attackNames;

/** What the bench asks of the process that attacks. */
export interface AttackRequest {
  readonly kind: AttackKind;
  /** QUIC port of a server on 127.0.0.1. */
  readonly port: number;
  /** At least so long. */
  readonly seconds: number;
  /** Of `halfOpen`: as many, at least. */
  readonly handshakes: number;
  /** Of `oneStream`: as many, at least. */
  readonly bytes: number;
}

/** What it has done. */
export interface AttackReply {
  readonly packets: number;
  readonly bytes: number;
  readonly connections: number;
}
