import { directTalkId } from '@rookery/schemas/directTalk';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import type { FoundUser, Message, TalkInfo, TalkMessage, Uuid } from '@rookery/schemas/messages';
import { newUuid } from '@rookery/schemas/uuid';
import { RoomChanges } from '../command/roomChanges.js';
import type { Session } from '../session/connection.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { Store } from '../store/store.js';
import type { StoredTalk } from '../store/talkRecord.js';
import type { TalkLimits } from '../talkLimits.js';
import type { TextPlace, TextPlaceKind } from '../text/textPlaces.js';
import { findUsers } from './findUsers.js';
import { planEdit, planGroup, planLeave, type TalkEdit } from './talkPlans.js';

export interface TalkBookOptions {
  readonly store: Pick<Store, 'talks' | 'users' | 'messages'>;
  readonly limits: TalkLimits;
  /** The session of a user who is logged in. */
  readonly tokenOf: (userId: Uuid) => number | null;
  /** Tells sessions of talks, encoded once. */
  readonly send: (sessionTokens: readonly number[], message: TalkMessage) => void;
  /** Tells sessions what is written in a talk, in this order; encoded once. */
  readonly sendText: (talkId: Uuid, sessionTokens: readonly number[], message: Message) => void;
  /** Is told of each talk that is made or changed. */
  readonly onTalk: (talk: StoredTalk) => void;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** The talk that a command made or changed. */
export type TalkOutcome = StoredTalk | Refusal;

/**
 * The talks outside the tree: who takes part in each, and nobody else, is told of it and reads it.
 * They are on disk alone, so that talks which nobody looks at cost no memory. What is told is
 * durable. Main thread.
 */
export class TalkBook implements TextPlaceKind {
  readonly #options: TalkBookOptions;
  /** A talk, and how many talks somebody has, must not change between plan and commit. */
  readonly #changes = new RoomChanges();

  constructor(options: TalkBookOptions) {
    this.#options = options;
  }

  /**
   * Tells a new session its talks.
   *
   * @param nameBefore of the login before, or null; others learn of a new one
   */
  welcome({ token, userId, displayName }: Session, nameBefore: string | null): void {
    const { store, send } = this.#options;
    const nameOf = this.#namesOnce();
    const stored = store.talks.ofUser(userId).map(({ talkId }) => store.talks.find(talkId));
    const talks = stored.filter((talk) => talk !== null).map((talk) => infoOf(talk, nameOf));
    send([token], { type: FrameType.TalkList, talks });
    if (nameBefore === displayName) return;
    for (const talk of talks) {
      const others = talk.participants.filter((participant) => participant.userId !== userId);
      const otherIds = others.map((other) => other.userId);
      this.#tell(otherIds, { type: FrameType.TalkPut, talk });
    }
  }

  /** Finds the talk of two users, or makes it. */
  openDirect(session: Session, userId: Uuid): Promise<TalkOutcome> {
    const { store, limits, wallClockMs } = this.#options;
    if (userId === session.userId) {
      const text = 'A talk is with somebody else. Name another user.';
      return Promise.resolve(refusal(ErrorCode.InvalidField, text));
    }
    const talkId = directTalkId(session.userId, userId);
    return this.#changes.inTurn(async () => {
      const known = store.talks.find(talkId);
      if (known !== null) return known;
      const userIds = [session.userId, userId];
      const refused = this.#whyNot(userIds, RoomType.Direct, limits.directMax);
      if (refused !== null) return refused;
      const type = RoomType.Direct;
      return this.#put({ talkId, type, name: '', createdAtMs: wallClockMs(), userIds });
    });
  }

  createGroup(session: Session, name: string, userIds: readonly Uuid[]): Promise<TalkOutcome> {
    const { limits, wallClockMs } = this.#options;
    return this.#changes.inTurn(async () => {
      const made = { talkId: newUuid(), createdAtMs: wallClockMs() };
      const talk = planGroup(made, name, [session.userId, ...userIds], limits.usersMax);
      if ('refused' in talk) return talk;
      const refused = this.#whyNot(talk.userIds, RoomType.Group, limits.groupsMax);
      return refused ?? this.#put(talk);
    });
  }

  edit({ userId }: Session, talkId: Uuid, asked: TalkEdit): Promise<TalkOutcome> {
    const { limits } = this.#options;
    return this.#change(userId, talkId, (before) => {
      const talk = planEdit(before, userId, asked, limits.usersMax);
      if ('refused' in talk) return talk;
      const added = talk.userIds.filter((id) => !before.userIds.includes(id));
      return this.#whyNot(added, RoomType.Group, limits.groupsMax) ?? talk;
    });
  }

  async leave(session: Session, talkId: Uuid): Promise<TalkOutcome> {
    const { userId } = session;
    const talk = await this.#change(userId, talkId, (before) => planLeave(before, userId));
    if ('refused' in talk) return talk;
    this.#tell([userId], { type: FrameType.TalkRemoved, talkId });
    if (talk.userIds.length === 0) this.#options.store.messages.forgetRoom(talkId);
    return talk;
  }

  /** Who has a name, whatever its case. */
  usersNamed(name: string): Promise<FoundUser[]> {
    const { store, limits, tokenOf } = this.#options;
    const isOnline = (userId: Uuid): boolean => tokenOf(userId) !== null;
    return findUsers(store.users, name, isOnline, limits.namesakesMax);
  }

  /** Who takes part reads and writes; to everybody else there is no such talk. */
  find(id: Uuid, session: Session): TextPlace | null {
    if (this.#ofParticipant(session.userId, id) === null) return null;
    const { store, sendText } = this.#options;
    // Who takes part may have changed since it was found.
    const readers = (): number[] => this.#tokensOf(store.talks.find(id)?.userIds ?? []);
    return {
      id,
      readRefusal: null,
      writeRefusal: null,
      showsMarks: true,
      readers,
      send: (message) => sendText(id, readers(), message),
    };
  }

  #change(
    userId: Uuid,
    talkId: Uuid,
    plan: (talk: StoredTalk) => TalkOutcome,
  ): Promise<TalkOutcome> {
    return this.#changes.inTurn(async () => {
      const before = this.#ofParticipant(userId, talkId);
      if (before === null) return noSuchTalk();
      const talk = plan(before);
      return 'refused' in talk || talk === before ? talk : this.#put(talk);
    });
  }

  /** Keeps a talk, and tells who takes part. */
  async #put(talk: StoredTalk): Promise<StoredTalk> {
    await this.#options.store.talks.put(talk);
    this.#options.onTalk(talk);
    const info = infoOf(talk, this.#namesOnce());
    this.#tell(talk.userIds, { type: FrameType.TalkPut, talk: info });
    return talk;
  }

  /** Why these users cannot come to one more talk of a type; null where they can. */
  #whyNot(userIds: readonly Uuid[], type: TalkInfo['type'], countMax: number): Refusal | null {
    const { store } = this.#options;
    for (const userId of userIds) {
      const user = store.users.find(userId);
      if (user === null) {
        const text = 'There is no such user. Look for the name again.';
        return refusal(ErrorCode.NoSuchUser, text);
      }
      const count = store.talks.ofUser(userId).filter((talk) => talk.type === type).length;
      if (count >= countMax) {
        const text = `${user.displayName} takes part in ${count} such talks, and no more fit.`;
        return refusal(ErrorCode.LimitReached, text);
      }
    }
    return null;
  }

  #ofParticipant(userId: Uuid, talkId: Uuid): StoredTalk | null {
    const talk = this.#options.store.talks.find(talkId);
    return talk?.userIds.includes(userId) === true ? talk : null;
  }

  #tell(userIds: readonly Uuid[], message: TalkMessage): void {
    const tokens = this.#tokensOf(userIds);
    if (tokens.length > 0) this.#options.send(tokens, message);
  }

  /** The sessions of those who are there. */
  #tokensOf(userIds: readonly Uuid[]): number[] {
    const { tokenOf } = this.#options;
    return userIds.map((userId) => tokenOf(userId)).filter((token) => token !== null);
  }

  /** Names users, each looked up once. */
  #namesOnce(): (userId: Uuid) => string {
    const names = new Map<Uuid, string>();
    return (userId) => {
      const name = names.get(userId) ?? this.#options.store.users.find(userId)?.displayName ?? '';
      names.set(userId, name);
      return name;
    };
  }
}

function infoOf(talk: StoredTalk, nameOf: (userId: Uuid) => string): TalkInfo {
  const { talkId, type, name, userIds } = talk;
  const participants = userIds.map((userId) => ({ userId, displayName: nameOf(userId) }));
  return { talkId, type, name, participants };
}

/** To whoever does not take part. */
export function noSuchTalk(): Refusal {
  return refusal(ErrorCode.NoSuchRoom, 'There is no such talk, or you do not take part in it.');
}
