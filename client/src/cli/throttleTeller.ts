import type { MessageClass } from '@rookery/schemas/messageClass';
import type { Throttled } from '../engine/commandPace.js';
import type { State } from '../engine/engineState.js';
import type { Output } from './output.js';

/** What waits, for a person. */
const heldBack: Readonly<Record<MessageClass, string>> = {
  control: 'signs of life',
  login: 'logins',
  card: 'looks at the server',
  write: 'messages',
  react: 'reactions',
  read: 'questions for what is kept',
  search: 'searches',
  join: 'moves between rooms',
  view: 'changes of what you show and see',
  manage: 'changes of rooms, rights and people',
  whisper: 'whisper lists',
  talk: 'talks and calls',
  mark: 'marks of what you read',
  upload: 'uploads',
  piece: 'pieces of files',
  server: 'messages of this kind',
};

/** Says when the server asks to be slower: of each class once for each time it has to wait. */
export class ThrottleTeller {
  private last: Throttled | null = null;
  /** Milliseconds since 1970, of each class that was told of. */
  private readonly toldUntilMs = new Map<MessageClass, number>();

  constructor(private readonly output: Pick<Output, 'progress'>) {}

  /** @param nowMs milliseconds since 1970 */
  follow({ throttled }: Pick<State, 'throttled'>, nowMs: number): void {
    if (throttled === null || throttled === this.last) return;
    this.last = throttled;
    const { messageClass, untilMs } = throttled;
    const isTold = (this.toldUntilMs.get(messageClass) ?? 0) > nowMs;
    this.toldUntilMs.set(messageClass, untilMs);
    if (isTold) return;
    const retryAfterMs = Math.max(0, untilMs - nowMs);
    this.output.progress(
      { event: 'throttled', messageClass, retryAfterMs },
      `too fast for the server: ${heldBack[messageClass]} wait ${inSeconds(retryAfterMs)}`,
    );
  }
}

function inSeconds(durationMs: number): string {
  return `${Math.max(0.1, durationMs / 1_000).toFixed(1)} s`;
}
