import { FrameType } from '@rookery/schemas/frameType';
import type { MessageDelivered, MessageRead, Uuid } from '@rookery/schemas/messages';
import { later, type TalkMark } from './talkMarks.js';

/** Between two acknowledgements of a place. */
const intervalMs = 1_000;
/** Places that are told of in that time; below what the server takes of acknowledgements. */
const placesMax = 15;

/**
 * Tells how far one came: at once where nothing was told lately, else what came meanwhile together,
 * so that a place is told of at most once a second however fast people write there.
 */
export class AckQueue {
  private readonly waiting = new Map<Uuid, TalkMark>();
  private timer: NodeJS.Timeout | null = null;

  /** @param send tells the server, and never throws */
  constructor(private readonly send: (command: MessageDelivered | MessageRead) => void) {}

  /** Everything up to this message is here. */
  delivered(roomId: Uuid, messageId: Uuid): void {
    this.add(roomId, { deliveredId: messageId, readId: null });
  }

  /** Everything up to this message was read. */
  read(roomId: Uuid, messageId: Uuid): void {
    this.add(roomId, { deliveredId: null, readId: messageId });
  }

  /** Forgets what was not told. */
  clear(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.waiting.clear();
  }

  private add(roomId: Uuid, { deliveredId, readId }: TalkMark): void {
    const before = this.waiting.get(roomId);
    this.waiting.set(roomId, {
      deliveredId: later(before?.deliveredId ?? null, deliveredId),
      readId: later(before?.readId ?? null, readId),
    });
    if (this.timer === null) this.tell();
  }

  private tell(): void {
    this.timer = null;
    if (this.waiting.size === 0) return;
    for (const [roomId, { deliveredId, readId }] of [...this.waiting].slice(0, placesMax)) {
      this.waiting.delete(roomId);
      if (readId !== null) this.send({ type: FrameType.MessageRead, roomId, messageId: readId });
      // What was read was delivered, too.
      if (deliveredId !== null && later(deliveredId, readId) !== readId) {
        this.send({ type: FrameType.MessageDelivered, roomId, messageId: deliveredId });
      }
    }
    this.timer = setTimeout(() => this.tell(), intervalMs);
    this.timer.unref();
  }
}
