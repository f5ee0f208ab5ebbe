import { opusPayloadBytesMax } from './audioLimits.js';

/** A place in a jitter buffer for one packet, filled again and again. */
export interface WaitingPacket {
  counter: number;
  timestamp: number;
  endOfSpurt: boolean;
  arrivalStep: number;
  payloadBytes: number;
  /** Its duration. */
  steps: number;
  readonly payload: Uint8Array;
}

/** One with room for the longest payload. */
export function emptyPacket(): WaitingPacket {
  return {
    counter: 0,
    timestamp: 0,
    endOfSpurt: false,
    arrivalStep: 0,
    payloadBytes: 0,
    steps: 0,
    payload: new Uint8Array(opusPayloadBytesMax),
  };
}
