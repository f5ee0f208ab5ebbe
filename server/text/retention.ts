import type { KeepSettings, Uuid } from '@rookery/schemas/messages';
import type { Logger } from 'pino';
import type { Messages, Retention } from '../store/messages.js';

/** What is kept where a room says nothing else; 0 for everything. */
export interface RetentionRule {
  readonly keepDays: number;
  readonly keepMessages: number;
}

export interface RetentionOptions {
  readonly messages: Pick<Messages, 'roomIds' | 'trim'>;
  /** The rule of a room or talk. */
  readonly ruleOf: (roomId: Uuid) => RetentionRule;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  readonly intervalMs: number;
  readonly log: Logger;
}

/** @returns what holds in a room: what it says itself, else what the server says */
export function ruleOfRoom(server: RetentionRule, room: KeepSettings | null): RetentionRule {
  return {
    keepDays: room?.keepDays || server.keepDays,
    keepMessages: room?.keepMessages || server.keepMessages,
  };
}

const dayMs = 24 * 3_600 * 1_000;

/**
 * Removes messages that are older, or more, than their rooms keep: at start and again and again, a
 * piece at a time (limits.ts, `removedPerTrimMax`), so that nobody's write waits long behind it.
 */
export class RetentionSchedule {
  readonly #options: RetentionOptions;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void>;
  #isStopped = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#running = this.#run();
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#run());
    }, options.intervalMs);
    this.#timer.unref();
  }

  /** Settles once what is under way is done. */
  idle(): Promise<void> {
    return this.#running;
  }

  /** Begins nothing more; settles once what was begun is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.idle();
  }

  async #run(): Promise<void> {
    const { messages, log } = this.#options;
    try {
      let removed = 0;
      for (const roomId of messages.roomIds()) removed += await this.#trim(roomId);
      if (removed > 0) log.info({ removed }, 'removed messages that are not kept any longer');
    } catch (error) {
      // The store has told what is wrong with the disk; the next time it may be well.
      log.warn({ err: error }, 'messages that are not kept any longer could not be removed');
    }
  }

  async #trim(roomId: Uuid): Promise<number> {
    const { messages, ruleOf, wallClockMs } = this.#options;
    const retention = retentionOf(ruleOf(roomId), wallClockMs());
    let removed = 0;
    while (retention !== null && !this.#isStopped) {
      const count = await messages.trim(roomId, retention);
      if (count === 0) break;
      removed += count;
    }
    return removed;
  }
}

/** @returns null where everything is kept */
function retentionOf({ keepDays, keepMessages }: RetentionRule, nowMs: number): Retention | null {
  if (keepDays === 0 && keepMessages === 0) return null;
  return {
    countMax: keepMessages === 0 ? null : keepMessages,
    sentAtMsMin: keepDays === 0 ? null : nowMs - keepDays * dayMs,
  };
}
