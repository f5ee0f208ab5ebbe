import type { WhisperId } from '../../whisperLists.js';

/**
 * To whom captured frames go: by when they were captured, not by when they come here. A thread that
 * was kept waiting must not tell the room what was whispered. Times are those of `monotonicMs`.
 * Pure.
 */
export class FrameAudience {
  private whisper: WhisperId | null = null;
  private untilMs = Infinity;

  /** Whatever comes now goes to this whisper alone, until endWhisper(). */
  whisperTo(whisper: WhisperId): void {
    this.whisper = whisper;
    this.untilMs = Infinity;
  }

  /** What is captured later goes to the room or call again. */
  endWhisper(untilMs: number): void {
    this.untilMs = untilMs;
  }

  /** @returns the whisper that hears a frame alone; null: the room or call does */
  of(capturedAtMs: number): WhisperId | null {
    if (capturedAtMs > this.untilMs) this.whisper = null;
    return this.whisper;
  }
}
