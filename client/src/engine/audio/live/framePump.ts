import type { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import type { OutgoingFrame } from '../../voiceConnection.js';
import { CapturedFrameReader } from '../capture/capturedFrame.js';
import { monotonicMs } from '../monotonicClock.js';

/**
 * Is lent the frame's payload for the call. @param capturedAtMs its last sample, by `monotonicMs`
 */
export type FrameSender = (frame: OutgoingFrame, capturedAtMs: number) => void;

/**
 * Hands captured frames on in the thread that has it, until their ring is closed. What waited too
 * long, because this thread or the network stood still, is dropped, the oldest first.
 */
export class FramePump {
  /** Resolves when the ring was closed and nothing is left in it. */
  readonly finished: Promise<void>;
  private readonly reader: CapturedFrameReader;

  constructor(
    private readonly packets: SpscRecordRing,
    private readonly send: FrameSender,
  ) {
    this.reader = new CapturedFrameReader(packets);
    this.finished = this.run();
  }

  /** Frames dropped so far. */
  get framesLate(): number {
    return this.reader.framesLate;
  }

  private async run(): Promise<void> {
    const { header } = this.packets;
    for (;;) {
      const signal = header.signal;
      const isClosed = header.closed;
      this.sendAll();
      if (isClosed) return;
      await header.sleepAsync(signal);
    }
  }

  private sendAll(): void {
    const { reader } = this;
    while (reader.next(monotonicMs())) {
      const frame: OutgoingFrame = {
        payload: reader.payload.subarray(0, reader.payloadBytes),
        timestamp: reader.timestamp,
        level: reader.level,
        endOfSpurt: reader.endOfSpurt,
      };
      this.send(frame, reader.capturedAtMs);
    }
  }
}
