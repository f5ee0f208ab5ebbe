import { setTimeout as delay } from 'node:timers/promises';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { messageClasses, type MessageClass } from '@rookery/schemas/messageClass';
import type { Message, Throttle } from '@rookery/schemas/messages';

/** What the server asked to be slower with. */
export interface Throttled {
  readonly messageClass: MessageClass;
  /** Milliseconds since 1970: no such message is sent before. */
  readonly untilMs: number;
}

/** Where the server refused a command without a time, as while many wait to be carried out. */
const waitMsMin = 100;

/**
 * Keeps commands to the pace that the server asks for. One that was too fast was not carried out,
 * so it is sent again when it may be, and others of its class wait with it.
 */
export class CommandPace {
  /** By performance.now(). */
  private readonly untilMs = new Map<MessageClass, number>();

  /** @param timeoutMs longest wait of a command; then whoever gave it is told of the refusal */
  constructor(private readonly timeoutMs: number) {}

  /** The server asks to slow down. @returns null for a type that this client does not know */
  slowDown({ frameType, retryAfterMs }: Throttle): Throttled | null {
    const messageClass = classOf(frameType);
    if (messageClass === undefined) return null;
    this.untilMs.set(messageClass, performance.now() + retryAfterMs);
    return { messageClass, untilMs: Date.now() + retryAfterMs };
  }

  /**
   * Gives a command as soon as it may be given.
   *
   * @param ask gives it once, and resolves with the server's answer
   */
  async run(type: FrameType, ask: () => Promise<Message>): Promise<Message> {
    const giveUpAtMs = performance.now() + this.timeoutMs;
    for (let waitMs = this.waitMs(type); ; waitMs = Math.max(this.waitMs(type), waitMsMin)) {
      const atMs = performance.now() + waitMs;
      if (atMs < giveUpAtMs) await until(atMs);
      const answer = await ask();
      const isTooFast = answer.type === FrameType.Error && answer.code === ErrorCode.TooFast;
      if (!isTooFast || performance.now() + this.waitMs(type) >= giveUpAtMs) return answer;
    }
  }

  private waitMs(type: FrameType): number {
    return Math.max(0, (this.untilMs.get(messageClasses[type]) ?? 0) - performance.now());
  }
}

/** @param atMs by performance.now(); a timer may be up to a millisecond early */
async function until(atMs: number): Promise<void> {
  for (let leftMs = atMs - performance.now(); leftMs > 0; leftMs = atMs - performance.now()) {
    await delay(Math.ceil(leftMs));
  }
}

function classOf(frameType: number): MessageClass | undefined {
  return (messageClasses as Readonly<Record<number, MessageClass>>)[frameType];
}
