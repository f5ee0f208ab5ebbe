import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { AnnouncedKey, AnnounceKey, ShareKey, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import type { Publisher } from '../broadcast/publisher.js';
import type { CommunityState } from '../state/communityState.js';
import { refusal, type Applied, type Refusal } from '../state/outcome.js';

export interface MemberKeyBookOptions {
  readonly state: CommunityState;
  readonly publisher: Pick<Publisher, 'sendToSessions'>;
}

/**
 * Carries the keys of private rooms between their members, and keeps what each has announced for as
 * long as it is in the room. It checks who is where and nothing else: whether a key belongs to whom
 * it should is for the members to see, who trust no server in this.
 */
export class MemberKeyBook {
  readonly #options: MemberKeyBookOptions;
  /** By room and session. A room that is not private any more may be again. */
  readonly #byRoom = new Map<Uuid, Map<number, AnnouncedKey>>();

  constructor(options: MemberKeyBookOptions) {
    this.#options = options;
  }

  /** Tells the others of a member's key. @returns theirs */
  announce(sessionToken: number, command: AnnounceKey): readonly AnnouncedKey[] | Refusal {
    const { roomId, publicKey, identityKey, signature } = command;
    const { state, publisher } = this.#options;
    const isPrivate = state.room(roomId)?.isPrivate === true;
    if (!isPrivate || state.session(sessionToken)?.roomId !== roomId) return notThere();
    const keys = this.#byRoom.get(roomId) ?? new Map<number, AnnouncedKey>();
    if (!keys.has(sessionToken) && keys.size >= fieldLimits.privateMembersMax) return tooMany();
    this.#byRoom.set(roomId, keys);
    const key = { sessionToken, publicKey, identityKey, signature };
    const others = [...keys.values()].filter((other) => other.sessionToken !== sessionToken);
    keys.set(sessionToken, key);
    const tokens = others.map((other) => other.sessionToken);
    publisher.sendToSessions(tokens, { type: FrameType.MemberKey, roomId, key });
    return others;
  }

  /** Hands each of the other members what was sealed for it. @returns null where that was done */
  share(senderToken: number, { roomId, keyNumber, shares }: ShareKey): Refusal | null {
    const { state, publisher } = this.#options;
    const keys = this.#byRoom.get(roomId);
    const isPrivate = state.room(roomId)?.isPrivate === true;
    if (!isPrivate || keys?.has(senderToken) !== true) return notThere();
    for (const { sessionToken, sealed } of shares) {
      if (!keys.has(sessionToken)) continue;
      const share = { type: FrameType.KeyShare, roomId, senderToken, keyNumber, sealed } as const;
      publisher.sendToSessions([sessionToken], share);
    }
    return null;
  }

  /** To be told of everything that is published. */
  note({ moves }: Applied): void {
    for (const { sessionToken, from } of moves) {
      if (from === null) continue;
      const keys = this.#byRoom.get(from);
      keys?.delete(sessionToken);
      if (keys?.size === 0) this.#byRoom.delete(from);
    }
  }
}

function notThere(): Refusal {
  return refusal(
    ErrorCode.NotInPrivateRoom,
    'Keys of members go to the private room that one is in. Join it first.',
  );
}

function tooMany(): Refusal {
  const text = `At most ${fieldLimits.privateMembersMax} talk in a private room. Try later.`;
  return refusal(ErrorCode.RoomFull, text);
}
