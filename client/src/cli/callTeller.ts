import type { CallInfo, Uuid } from '@rookery/schemas/messages';
import { isRinging, nameInTalk } from '../engine/calls.js';
import type { Calls, State } from '../engine/engineState.js';
import { talkName } from '../engine/talkName.js';
import type { Output } from './output.js';

/** Tells of the calls of all own talks as they change: who rings, comes, goes and declines. */
export class CallTeller {
  private told: Calls = new Map();

  /** @param output results go there. */
  constructor(private readonly output: Pick<Output, 'result'>) {}

  /** To be called with every State. While the connection is lost nothing is known, nor told. */
  follow(state: State): void {
    const { connection, calls } = state;
    if (connection.phase !== 'connected' || calls === this.told) return;
    const before = this.told;
    this.told = calls;
    for (const call of calls.values()) this.tellCall(state, before.get(call.talkId), call);
    for (const call of before.values()) {
      if (!calls.has(call.talkId)) this.tell(state, 'callOver', call, 'the call is over');
    }
  }

  private tellCall(state: State, before: CallInfo | undefined, call: CallInfo): void {
    const came = new Set(membersOf(call));
    const went = membersOf(before).filter((userId) => !came.delete(userId));
    for (const userId of came) this.tell(state, 'callJoined', call, 'comes into the call', userId);
    for (const userId of went) this.tell(state, 'callLeft', call, 'leaves the call', userId);
    const declined = before?.declinedUserIds ?? [];
    for (const userId of call.declinedUserIds) {
      if (!declined.includes(userId)) this.tell(state, 'callDeclined', call, 'declines', userId);
    }
    const rang = before !== undefined && isRinging(state, before);
    if (isRinging(state, call) && !rang) this.tell(state, 'callRings', call, 'you are called');
  }

  private tell(
    state: State,
    event: string,
    { talkId }: CallInfo,
    what: string,
    userId?: Uuid,
  ): void {
    const talk = titleOf(state, talkId);
    const who = userId === undefined ? null : nameInTalk(state, talkId, userId);
    this.output.result(
      { event, talkId, talk, ...(userId !== undefined && { userId, displayName: who }) },
      who === null ? `${talk}: ${what}` : `${talk}: ${who} ${what}`,
    );
  }
}

function membersOf(call: CallInfo | undefined): Uuid[] {
  return call?.members.map(({ userId }) => userId) ?? [];
}

function titleOf({ talks, connection }: State, talkId: Uuid): string {
  const talk = talks.find((one) => one.talkId === talkId);
  const ownUserId = connection.phase === 'connected' ? connection.userId : '';
  return talk === undefined ? talkId : talkName(talk, ownUserId);
}
