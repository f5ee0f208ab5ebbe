import { FrameType } from '@rookery/schemas/frameType';
import type {
  CommandMessage,
  RoomMessage,
  RoomStreamMessage,
  SearchPage,
  UnreadRoom,
  Uuid,
} from '@rookery/schemas/messages';
import type { MessageOf } from '@rookery/schemas/messages/codec';
import { fieldLimits } from '@rookery/schemas/protocol';
import { AckQueue } from './ackQueue.js';
import { ClientError } from './clientError.js';
import type { State, StateListener } from './engineState.js';
import { later, withMark } from './talkMarks.js';
import { withAllRead, withMessageCounted, withRoom, type UnreadRooms } from './unreadCounts.js';

/** The session that carries it, whichever it is at a time. */
export interface ReadingSession {
  readonly state: State;
  /** @throws ClientError `disconnected`, or as Connection.request() */
  request(command: CommandMessage): Promise<unknown>;
  /** As request(), where the answer is of this type. */
  query<T extends FrameType>(command: CommandMessage, answerType: T): Promise<MessageOf<T>>;
  update(change: Partial<State>): void;
  subscribe(listener: StateListener): () => void;
  readonly listeners: Set<(message: RoomStreamMessage) => void>;
}

/** Between two questions for counts that what happened made doubtful. */
const recountMs = 1_000;
/** Messages that wait for counts on their way; with more, the oldest count as they were asked. */
const waitingMax = 1_000;

/**
 * What the user did not read (`unread` in the State), how far others came in talks (`talkMarks`),
 * and search. The counts are asked for after login, of the rooms in which the user read before and
 * of all talks, and follow what comes. That messages of talks are here is told by itself. Commands
 * reject as those of the engine do.
 */
export class ReadingMarks {
  private readonly acks: AckQueue;
  private lookedAt: Uuid | null = null;
  private isConnected = false;
  private talks: State['talks'] = [];
  /** Talks whose counts this session was asked for. */
  private readonly asked = new Set<Uuid>();
  /** What came while counts are on their way, which may not know of it. */
  private waiting: RoomMessage[] = [];
  private asking = 0;
  /** Rooms to be counted again. */
  private readonly doubtful = new Set<Uuid>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly session: ReadingSession) {
    this.acks = new AckQueue((command) => this.inBackground(session.request(command)));
    session.subscribe((state) => this.follow(state));
    session.listeners.add((message) => this.apply(message));
  }

  /**
   * Finds messages with all words of `query`, newest first; a word that ends with * stands for all
   * that begin so. Where the server found nothing yet, it is asked to look on.
   *
   * @param beforeId only older ones: `goOnBefore` of the page before; null for all
   * @param count 1 … 100
   */
  async search(
    roomId: Uuid,
    query: string,
    beforeId: Uuid | null = null,
    count: number = fieldLimits.pageMessagesMax,
  ): Promise<SearchPage> {
    for (let before = beforeId; ;) {
      const command = { type: FrameType.Search, roomId, query, beforeId: before, count } as const;
      const page = await this.session.query(command, FrameType.SearchPage);
      const { goOnBefore } = page;
      const isStuck = goOnBefore !== null && before !== null && goOnBefore >= before;
      if (isStuck) {
        throw new ClientError('protocolViolation', 'the server searches on without getting on');
      }
      if (page.messages.length > 0 || goOnBefore === null) return page;
      before = goOnBefore;
    }
  }

  /** Everything of a place up to this message was read. In talks the others are told. */
  async markRead(roomId: Uuid, messageId: Uuid): Promise<void> {
    await this.session.request({ type: FrameType.MessageRead, roomId, messageId });
    const { unread } = this.session.state;
    const latestId = unread.get(roomId)?.latestId ?? null;
    if (latestId !== null && messageId >= latestId) {
      this.session.update({ unread: withAllRead(unread, roomId, messageId) });
    } else await this.ask([roomId]);
  }

  /** Everything that is there now was read. @returns the newest message; null where none is */
  async markAllRead(roomId: Uuid): Promise<Uuid | null> {
    await this.ask([roomId]);
    const latestId = this.session.state.unread.get(roomId)?.latestId ?? null;
    if (latestId !== null) await this.markRead(roomId, latestId);
    return latestId;
  }

  /** Asks for the counts now. @returns them, as the State has them */
  async refresh(): Promise<UnreadRooms> {
    await this.ask([]);
    const talkIds = this.session.state.talks.map(({ talkId }) => talkId);
    if (talkIds.length > 0) await this.ask(talkIds);
    return this.session.state.unread;
  }

  /**
   * What the user has in front of it now: what is there, and what comes, is read.
   *
   * @param roomId of a room or talk; null for none
   */
  look(roomId: Uuid | null): void {
    this.lookedAt = roomId;
    this.readWhatIsLookedAt();
  }

  private follow(state: State): void {
    const isConnected = state.connection.phase === 'connected';
    if (!isConnected) {
      if (this.isConnected) this.loseTouch();
      this.isConnected = false;
      return;
    }
    if (!this.isConnected) {
      this.isConnected = true;
      this.inBackground(this.ask([]));
    }
    if (state.talks === this.talks) return;
    this.talks = state.talks;
    const unknown = state.talks.map(({ talkId }) => talkId).filter((id) => !this.asked.has(id));
    for (const talkId of unknown) this.asked.add(talkId);
    if (unknown.length > 0) this.inBackground(this.ask(unknown));
  }

  private loseTouch(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.doubtful.clear();
    this.acks.clear();
    this.asked.clear();
    this.talks = [];
  }

  private apply(message: RoomStreamMessage): void {
    const { unread, talkMarks, connection } = this.session.state;
    if (!('userId' in connection)) return;
    switch (message.type) {
      case FrameType.RoomMessage:
        if (this.asking > 0) this.waiting = [...this.waiting.slice(1 - waitingMax), message];
        this.session.update({ unread: withMessageCounted(unread, message, connection.userId) });
        this.acknowledge(message.roomId, message.messageId);
        break;
      case FrameType.MessageEdited:
      case FrameType.MessageDeleted:
        if (isUnread(unread, message)) this.recount(message.roomId);
        break;
      case FrameType.MessageAck:
        if (message.userId === connection.userId) break;
        this.session.update({ talkMarks: withMark(talkMarks, message) });
        break;
      default:
        break;
    }
  }

  /** What came is here; where the user looks, it is read. */
  private acknowledge(roomId: Uuid, messageId: Uuid): void {
    if (this.lookedAt === roomId) this.readWhatIsLookedAt();
    else if (this.session.state.talks.some(({ talkId }) => talkId === roomId)) {
      this.acks.delivered(roomId, messageId);
    }
  }

  private readWhatIsLookedAt(): void {
    const { unread } = this.session.state;
    const room = this.lookedAt === null ? undefined : unread.get(this.lookedAt);
    if (room === undefined || room.latestId === null || room.unread === 0) return;
    const { roomId, latestId } = room;
    this.session.update({ unread: withAllRead(unread, roomId, latestId) });
    if (this.isConnected) this.acks.read(roomId, latestId);
  }

  /** @param roomIds none for all in which the user read before */
  private async ask(roomIds: readonly Uuid[]): Promise<void> {
    const pieceMax = fieldLimits.unreadRoomsMax;
    for (let at = 0; at === 0 || at < roomIds.length; at += pieceMax) {
      await this.askPiece(roomIds.slice(at, at + pieceMax));
    }
  }

  private async askPiece(roomIds: readonly Uuid[]): Promise<void> {
    this.asking++;
    try {
      const command = { type: FrameType.ReadUnread, roomIds } as const;
      const { rooms } = await this.session.query(command, FrameType.UnreadCounts);
      const { connection, unread } = this.session.state;
      if (!('userId' in connection)) return;
      // What was read meanwhile may not be known there yet.
      const isNews = ({ roomId, readId }: UnreadRoom): boolean =>
        later(readId, unread.get(roomId)?.readId ?? null) === readId;
      let next = rooms.filter(isNews).reduce(withRoom, unread);
      for (const message of this.waiting) {
        next = withMessageCounted(next, message, connection.userId);
      }
      this.session.update({ unread: next });
      for (const { roomId, latestId, unread: count } of rooms) {
        if (latestId !== null && count > 0) this.acknowledge(roomId, latestId);
      }
    } finally {
      this.asking--;
      if (this.asking === 0) this.waiting = [];
    }
  }

  private recount(roomId: Uuid): void {
    this.doubtful.add(roomId);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      const roomIds = [...this.doubtful];
      this.doubtful.clear();
      this.inBackground(this.ask(roomIds));
    }, recountMs).unref();
  }

  /** What nobody asked for fails without a word: it is told again after the next login. */
  private inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof ClientError)) throw error;
    });
  }
}

function isUnread(
  rooms: UnreadRooms,
  { roomId, messageId }: { readonly roomId: Uuid; readonly messageId: Uuid },
): boolean {
  const room = rooms.get(roomId);
  return room !== undefined && room.unread > 0 && messageId > (room.readId ?? '');
}
