import type { CallInfo, Uuid } from '@rookery/schemas/messages';
import { isRinging } from '../engine/calls.js';
import type { State } from '../engine/engineState.js';

/** More than anybody calls back; the oldest make room. */
const missedMax = 256;

/**
 * Calls that rang here until nobody waited any more, by talk, until somebody looks at the talk:
 * with when the last of them began, milliseconds since 1970. They outlive windows and connections,
 * not the client. Pure.
 */
export class MissedCalls {
  private shown: ReadonlyMap<Uuid, number> = new Map();
  private ringing: readonly CallInfo[] = [];

  get all(): ReadonlyMap<Uuid, number> {
    return this.shown;
  }

  /** To be called with every State. @returns whether another call was missed */
  follow(state: State): boolean {
    const before = this.ringing;
    this.ringing = [...state.calls.values()].filter((call) => isRinging(state, call));
    // Of a connection that was lost meanwhile nobody knows how its calls went on.
    if (state.connection.phase !== 'connected') return false;
    const ended = before.filter(({ talkId }) =>
      this.ringing.every((call) => call.talkId !== talkId),
    );
    const { userId } = state.connection;
    const missed = ended.filter(({ talkId }) => isMissed(state.calls.get(talkId), userId));
    if (missed.length === 0) return false;
    const kept = new Map(this.shown);
    for (const { talkId, startedAtMs } of missed) {
      kept.delete(talkId);
      kept.set(talkId, startedAtMs);
    }
    this.shown = new Map([...kept].slice(-missedMax));
    return true;
  }

  /** Somebody looks at a talk. */
  forget(talkId: Uuid): void {
    if (!this.shown.has(talkId)) return;
    const others = new Map(this.shown);
    others.delete(talkId);
    this.shown = others;
  }
}

/** Of a call that rings no longer: it was neither taken, here or elsewhere, nor declined. */
function isMissed(call: CallInfo | undefined, userId: Uuid): boolean {
  if (call === undefined) return true;
  const isTaken = call.members.some((member) => member.userId === userId);
  return !isTaken && !call.declinedUserIds.includes(userId);
}
