import { isDeepStrictEqual } from 'node:util';
import type { State } from '../../engineState.js';
import type { VoiceCounters } from '../../voiceCounters.js';
import type { CaptureEncoding } from '../capture/captureThread.js';
import { ExpectedLoss, lossPctMin } from './expectedLoss.js';
import { speechEncodingOf } from './speechEncodingOf.js';

/** How the own voice is to be encoded: as is said where one speaks, for the loss on the way. */
export class OwnEncoding {
  private readonly loss = new ExpectedLoss();
  private told: CaptureEncoding | null = null;
  private lossPct = lossPctMin;
  private measuredPct = 0;

  /** Shares of the own packets, 0 … 100: what they are protected against, and what was lost. */
  get losses(): { readonly expectedLossPct: number; readonly ownLossPct: number } {
    return { expectedLossPct: this.lossPct, ownLossPct: this.measuredPct };
  }

  /**
   * To be called often.
   *
   * @param counters of the voice connection; null without one
   * @param reportedPct of the own voice, what those who hear it miss: 0 … 100
   * @returns how to encode, where that is another way than before; else null
   */
  follow(
    state: State,
    counters: Readonly<VoiceCounters> | null,
    reportedPct = 0,
  ): CaptureEncoding | null {
    this.followLoss(state, counters);
    this.lossPct = this.loss.pctWith(reportedPct);
    this.measuredPct = this.loss.measuredPctWith(reportedPct);
    const said = speechEncodingOf(state);
    if (said === null) return null;
    const { bitrate, isFecOn, frameMs } = said;
    const encoding = { bitrate, isFecOn, frameMs, expectedLossPct: this.lossPct };
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
