import { isDeepStrictEqual } from 'node:util';
import type { State } from '../../engineState.js';
import type { VoiceCounters } from '../../voiceCounters.js';
import type { CaptureEncoding } from '../capture/captureThread.js';
import { ExpectedLoss } from './expectedLoss.js';
import { speechEncodingOf } from './speechEncodingOf.js';

/** How the own voice is to be encoded: as is said where one speaks, for the loss on the way. */
export class OwnEncoding {
  private readonly loss = new ExpectedLoss();
  private told: CaptureEncoding | null = null;

  /**
   * To be called often.
   *
   * @param counters of the voice connection; null without one
   * @returns how to encode, where that is another way than before; else null
   */
  follow(state: State, counters: Readonly<VoiceCounters> | null): CaptureEncoding | null {
    this.followLoss(state, counters);
    const said = speechEncodingOf(state);
    if (said === null) return null;
    const { bitrate, isFecOn, frameMs } = said;
    const encoding = { bitrate, isFecOn, frameMs, expectedLossPct: this.loss.pct };
    if (isDeepStrictEqual(encoding, this.told)) return null;
    this.told = encoding;
    return encoding;
  }

  /** Whoever encodes is another, and knows nothing. */
  forget(): void {
    this.told = null;
  }

  private followLoss({ voice }: State, counters: Readonly<VoiceCounters> | null): void {
    if (counters === null || voice.phase !== 'open') return;
    // Where the voice port is blocked, pings that look for it are never answered.
    if (voice.path === 'udp') this.loss.follow(counters);
    else this.loss.begin(counters.pingsSent, counters.pongsReceived);
  }
}
