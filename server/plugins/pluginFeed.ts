import { FrameType } from '@rookery/schemas/frameType';
import type {
  Message,
  MessageEdited,
  RoomMessage,
  SessionInfo,
  Uuid,
} from '@rookery/schemas/messages';
import type { PluginEvent, PluginEventName } from '@rookery/plugins/abi';
import type { CommunityState } from '../state/communityState.js';
import type { Applied } from '../state/outcome.js';
import type { StoredMessage } from '../store/messageRecord.js';

/** Something that plugins may be told, before each is asked whether it may know. */
export interface FeedEvent {
  readonly event: PluginEvent;
  /** Where it happened; null for no room. */
  readonly roomId: Uuid | null;
  /** Who did it. */
  readonly userId: Uuid;
}

export interface PluginFeedOptions {
  readonly state: Pick<CommunityState, 'snapshot' | 'session' | 'sessionsOf' | 'room'>;
  readonly findMessage: (roomId: Uuid, messageId: Uuid) => StoredMessage | null;
}

type Person = Pick<SessionInfo, 'userId' | 'displayName' | 'roomId' | 'isBot'>;

/**
 * Tells of messages in rooms and of who comes, goes and talks, as it happens. It costs nothing
 * while nobody listens. Main thread.
 */
export class PluginFeed {
  readonly #options: PluginFeedOptions;
  #listener: ((told: FeedEvent) => void) | null = null;
  /** By token; empty while nobody listens. */
  readonly #people = new Map<number, Person>();
  #talking: ReadonlySet<number> = new Set();

  constructor(options: PluginFeedOptions) {
    this.#options = options;
  }

  get isFollowed(): boolean {
    return this.#listener !== null;
  }

  /** @param listener told of everything from now on; null for nobody */
  follow(listener: ((told: FeedEvent) => void) | null): void {
    this.#people.clear();
    this.#talking = new Set();
    this.#listener = listener;
    if (listener === null) return;
    const { sessions } = this.#options.state.snapshot();
    for (const session of sessions) this.#people.set(session.sessionToken, session);
  }

  /** What was sent to the readers of a room; only new and changed texts are of interest. */
  noteSent(message: Message): void {
    if (this.#listener === null) return;
    if (message.type === FrameType.RoomMessage) this.#tellMessage(message, message);
    if (message.type !== FrameType.MessageEdited) return;
    const written = this.#options.findMessage(message.roomId, message.messageId);
    if (written !== null) this.#tellMessage(message, written);
  }

  /** What changed of rooms and sessions. */
  note({ changes }: Applied): void {
    if (this.#listener === null) return;
    for (const change of changes) {
      if (change.kind === 'sessionPut') this.#put(change.session);
      if (change.kind !== 'sessionRemoved') continue;
      const person = this.#people.get(change.sessionToken);
      this.#people.delete(change.sessionToken);
      if (person !== undefined) this.#tellPerson('leave', person);
    }
  }

  /** @param tokens of all sessions that talk now; asked about once a second */
  noteTalkers(tokens: readonly number[]): void {
    if (this.#listener === null) return;
    const before = this.#talking;
    this.#talking = new Set(tokens);
    for (const token of tokens) if (!before.has(token)) this.#tellToken('talkStart', token);
    for (const token of before) if (!this.#talking.has(token)) this.#tellToken('talkStop', token);
  }

  #put(session: SessionInfo): void {
    const before = this.#people.get(session.sessionToken);
    this.#people.set(session.sessionToken, session);
    if (before === undefined) this.#tellPerson('join', session);
    else if (before.roomId !== session.roomId) this.#tellPerson('roomChange', session);
  }

  #tellToken(type: PluginEventName, token: number): void {
    const person = this.#people.get(token);
    if (person !== undefined) this.#tellPerson(type, person);
  }

  #tellPerson(type: PluginEventName, { userId, displayName, roomId, isBot }: Person): void {
    const who = { userId, userName: displayName, isBot };
    const event = { type, ...who, roomId, roomName: this.#nameOf(roomId) };
    this.#listener?.({ event, roomId, userId });
  }

  #tellMessage(
    { type, roomId, messageId, text }: RoomMessage | MessageEdited,
    { userId, displayName }: Pick<StoredMessage, 'userId' | 'displayName'>,
  ): void {
    const { state } = this.#options;
    const isBot = [...state.sessionsOf(userId)].some((token) => state.session(token)?.isBot);
    const who = { userId, userName: displayName, isBot };
    const where = { messageId, roomId, roomName: this.#nameOf(roomId) };
    const isEdit = type === FrameType.MessageEdited;
    this.#listener?.({
      event: { type: 'message', ...where, ...who, text, isEdit },
      ...{ roomId, userId },
    });
  }

  #nameOf(roomId: Uuid | null): string {
    return roomId === null ? '' : (this.#options.state.room(roomId)?.name ?? '');
  }
}
