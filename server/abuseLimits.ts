import type { PacedClass } from '@rookery/schemas/messageClass';
import type { BucketLimits } from './limits.js';

/** Bounds of what one user, or one address, may ask of the server. */
export interface AbuseLimits {
  /** What one user may send of each class, however often it reconnects. */
  readonly userPace: Readonly<Record<PacedClass, BucketLimits>>;
  /**
   * Everybody at one address (IPv6: one /64) may send together what so many users may: a household
   * or a company whose people all send as fast as they can. 0: as much as they like.
   */
  readonly addressShare: number;
  /** Users, and addresses, whose budgets are remembered: about 500 bytes each. */
  readonly metersMax: number;
}

/** With so many refusals nobody listens at the other end. */
const refusedMax = 200;

/** Part of `controlLimits`. */
export const abuseLimits: AbuseLimits = {
  userPace: {
    // A client that comes back waits longer each time; ten in a row are a bad network.
    login: { perSecond: 1, burst: 20, refusedMax },
    write: { perSecond: 20, burst: 40, refusedMax },
    react: { perSecond: 10, burst: 40, refusedMax },
    // Somebody who scrolls asks for pages one after the other.
    read: { perSecond: 20, burst: 60, refusedMax },
    // Up to 5 ms of the main thread each.
    search: { perSecond: 4, burst: 20, refusedMax },
    // Each rotates a room's key and is told to everybody there.
    join: { perSecond: 5, burst: 40, refusedMax },
    view: { perSecond: 20, burst: 60, refusedMax },
    // Of an operator who builds a tree of rooms by a script.
    manage: { perSecond: 20, burst: 60, refusedMax },
    // All lists once, and again when the session or the rooms change.
    whisper: { perSecond: 10, burst: 60, refusedMax },
    talk: { perSecond: 5, burst: 40, refusedMax },
    mark: { perSecond: 20, burst: 60, refusedMax },
    upload: { perSecond: 10, burst: 60, refusedMax },
    piece: { perSecond: 512, burst: 512, refusedMax: 1_024 },
  },
  addressShare: 16,
  metersMax: 32_768,
};
