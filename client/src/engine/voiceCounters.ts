/** Packets, and what was dropped by reason. */
export interface VoiceCounters {
  framesSent: number;
  framesReceived: number;
  /** Of framesReceived, those that were whispered. */
  whispersReceived: number;
  pingsSent: number;
  pongsReceived: number;
  /** Of all packets, as they are on the way but for the headers of UDP and IP. */
  bytesSent: number;
  bytesReceived: number;
  /** Frames to send without a session. */
  unsentDisconnected: number;
  /** Frames to send in no room, to nobody, or before the key has come. */
  unsentNoKey: number;
  unsentOversized: number;
  /** Packets that the control connection did not take as datagrams. */
  unsentDatagrams: number;
  droppedForeign: number;
  /** Packets and bundles that are none. */
  droppedMalformed: number;
  /** A kind that this client does not know. */
  droppedKind: number;
  droppedHopTag: number;
  droppedUnknownEpoch: number;
  droppedFalseSeal: number;
}

export function newVoiceCounters(): VoiceCounters {
  return {
    framesSent: 0,
    framesReceived: 0,
    whispersReceived: 0,
    pingsSent: 0,
    pongsReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
    unsentDisconnected: 0,
    unsentNoKey: 0,
    unsentOversized: 0,
    unsentDatagrams: 0,
    droppedForeign: 0,
    droppedMalformed: 0,
    droppedKind: 0,
    droppedHopTag: 0,
    droppedUnknownEpoch: 0,
    droppedFalseSeal: 0,
  };
}
