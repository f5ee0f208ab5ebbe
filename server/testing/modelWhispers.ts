import type { Uuid } from '@rookery/schemas/messages';
import type { CommunityState } from '../state/communityState.js';

/**
 * Whisper lists once more, as plainly as can be: who hears one is asked anew every time. Tests hold
 * WhisperBook against it.
 */
export class ModelWhispers {
  readonly lists = new Map<
    number,
    {
      owner: number;
      tokens: Set<number>;
      users: ReadonlySet<Uuid>;
      rooms: Set<Uuid>;
      withChildren: boolean;
    }
  >();

  constructor(readonly state: CommunityState) {}

  /** What was gone once does not come again under its old name, but users do. */
  forgetGone(): void {
    for (const [listId, { owner, tokens, rooms }] of this.lists) {
      if (this.state.session(owner) === null) this.lists.delete(listId);
      for (const token of tokens) if (this.state.session(token) === null) tokens.delete(token);
      for (const id of rooms) if (this.state.room(id) === null) rooms.delete(id);
    }
  }

  receivers(listId: number): number[] {
    const list = this.lists.get(listId)!;
    const { sessions } = this.state.snapshot();
    return sessions
      .filter(({ sessionToken, userId, roomId: at, deafened }) => {
        if (sessionToken === list.owner || deafened) return false;
        const isNamed = list.tokens.has(sessionToken) || list.users.has(userId);
        return isNamed || this.#isMeant(list, at);
      })
      .map(({ sessionToken }) => sessionToken)
      .sort((a, b) => a - b);
  }

  #isMeant(list: { rooms: Set<Uuid>; withChildren: boolean }, at: Uuid | null): boolean {
    if (at === null) return false;
    if (list.rooms.has(at)) return true;
    return list.withChildren && this.#isMeant(list, this.state.room(at)!.parentId);
  }
}
