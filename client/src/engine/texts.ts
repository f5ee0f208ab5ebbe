import { FrameType } from '@rookery/schemas/frameType';
import { HistoryDirection } from '@rookery/schemas/generated/rookery/history-direction';
import type {
  CommandMessage,
  HistoryPage,
  TextMessage,
  TextNews,
  Uuid,
} from '@rookery/schemas/messages';
import type { MessageOf } from '@rookery/schemas/messages/codec';
import { fieldLimits } from '@rookery/schemas/protocol';
import { ClientError } from './clientError.js';
import { ownSession, withMessage, type State } from './engineState.js';
import { withNews, withPage, type PageSide, type TextWindow } from './textWindow.js';
import type { ViewKeeper } from './viewKeeper.js';

/** From where a page is read; null for the newest messages, or the oldest. */
export type PageQuery =
  { readonly before: Uuid | null } | { readonly after: Uuid | null } | { readonly around: Uuid };

/** The session that carries it, whichever it is at a time. */
export interface TextSession {
  readonly state: State;
  /** @throws ClientError `disconnected`, or as Connection.request() */
  request(command: CommandMessage): Promise<unknown>;
  /** As request(), where the answer is of this type. */
  query<T extends FrameType>(command: CommandMessage, answerType: T): Promise<MessageOf<T>>;
  update(change: Partial<State>): void;
  readonly views: Pick<ViewKeeper, 'read'>;
}

/** As many as come with joining a room. */
const newestCount = 50;
/** Windows that are kept, the last used ones. */
const windowsMax = 64;
/** After so many pages that were missed, the newest are shown, and the gap is left. */
const catchUpPagesMax = 5;
/** News that wait for a page; with more the window is as if it did not reach the newest. */
const waitingNewsMax = 1_000;

/**
 * What is written in rooms and talks: a window into each in the State (`texts`), which pages move,
 * and commands about messages. The newest messages of the own room are there by themselves; others
 * come with show(). All commands reject as those of the engine do.
 */
export class Texts {
  private readonly windows = new Map<Uuid, TextWindow>();
  private readonly listeners = new Set<(news: TextNews) => void>();
  /** What came while a page of that room was on its way, which may not know of it. */
  private readonly waiting = new Map<Uuid, TextNews[]>();
  /** Pages of a room come one after another. */
  private readonly turns = new Map<Uuid, Promise<unknown>>();
  /** Whose windows stay when one leaves. */
  private readonly shown = new Set<Uuid>();
  private ownRoomId: Uuid | null = null;
  private isConnected = false;

  constructor(private readonly session: TextSession) {}

  /** The listener is called with all that is told of rooms that one reads. @returns ends it */
  listen(listener: (news: TextNews) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Puts the newest messages into the State; they follow what happens. */
  async show(roomId: Uuid): Promise<void> {
    await this.enter(roomId);
    await this.turn(roomId, () => this.load(roomId, { before: null }, 'instead'));
  }

  /** As show(), with the messages around one of them. */
  async showAround(roomId: Uuid, messageId: Uuid): Promise<void> {
    await this.enter(roomId);
    await this.turn(roomId, () => this.load(roomId, { around: messageId }, 'instead'));
  }

  /** Adds the page before the window; nothing where there is none. */
  async showEarlier(roomId: Uuid): Promise<void> {
    await this.turn(roomId, async () => {
      const window = this.windows.get(roomId);
      const first = window?.messages[0];
      if (!window?.hasEarlier || first === undefined) return;
      await this.load(roomId, { before: first.messageId }, 'earlier');
    });
  }

  /** Adds the page after the window; nothing where there is none. */
  async showLater(roomId: Uuid): Promise<void> {
    await this.turn(roomId, async () => {
      if (this.windows.get(roomId)?.hasLater) await this.loadLater(roomId);
    });
  }

  /** Reads a page without showing it. @param count 1 … 100 */
  readPage(roomId: Uuid, query: PageQuery, count: number): Promise<HistoryPage> {
    const command = { type: FrameType.ReadHistory, roomId, count, ...wireQuery(query) } as const;
    return this.session.query(command, FrameType.HistoryPage);
  }

  async pins(roomId: Uuid): Promise<readonly TextMessage[]> {
    const command = { type: FrameType.ReadPins, roomId } as const;
    return (await this.session.query(command, FrameType.PinList)).messages;
  }

  async edit(roomId: Uuid, messageId: Uuid, text: string): Promise<void> {
    await this.session.request({ type: FrameType.EditMessage, roomId, messageId, text });
  }

  async delete(roomId: Uuid, messageId: Uuid): Promise<void> {
    await this.session.request({ type: FrameType.DeleteMessage, roomId, messageId });
  }

  /** @param emoji one, at most 32 bytes */
  async react(roomId: Uuid, messageId: Uuid, emoji: string): Promise<void> {
    await this.session.request({ type: FrameType.AddReaction, roomId, messageId, emoji });
  }

  async unreact(roomId: Uuid, messageId: Uuid, emoji: string): Promise<void> {
    await this.session.request({ type: FrameType.RemoveReaction, roomId, messageId, emoji });
  }

  async pin(roomId: Uuid, messageId: Uuid): Promise<void> {
    await this.session.request({ type: FrameType.PinMessage, roomId, messageId });
  }

  async unpin(roomId: Uuid, messageId: Uuid): Promise<void> {
    await this.session.request({ type: FrameType.UnpinMessage, roomId, messageId });
  }

  /** Takes what the server tells. */
  apply(news: TextNews): void {
    const { messages } = this.session.state;
    if (news.type === FrameType.RoomMessage) {
      this.session.update({ messages: withMessage(messages, news) });
    }
    this.waiting.get(news.roomId)?.push(news);
    this.take(news);
    for (const listener of [...this.listeners]) listener(news);
  }

  /** Follows the session: into rooms, and back to what was missed while it was lost. */
  follow(state: State): void {
    const isConnected = state.connection.phase === 'connected';
    const isBack = isConnected && !this.isConnected;
    if (!isConnected && this.isConnected) this.loseTouch();
    this.isConnected = isConnected;
    if (!isConnected) return;
    const roomId = ownSession(state)?.roomId ?? null;
    if (isBack) for (const known of [...this.windows.keys()]) this.catchUp(known);
    if (roomId === this.ownRoomId && !isBack) return;
    const left = this.ownRoomId;
    this.ownRoomId = roomId;
    if (left !== null && left !== roomId && !this.shown.has(left)) this.drop(left);
    if (roomId !== null && !this.windows.has(roomId)) {
      this.inBackground(this.turn(roomId, () => this.load(roomId, { before: null }, 'instead')));
    }
  }

  /** Another server: nothing of what is known is of it. */
  reset(): void {
    this.shown.clear();
    this.ownRoomId = null;
    this.isConnected = false;
    for (const roomId of [...this.windows.keys()]) this.drop(roomId);
  }

  /** Rooms in which one is not are read as those in which one is. */
  private async enter(roomId: Uuid): Promise<void> {
    this.shown.add(roomId);
    await this.session.views.read(roomId);
  }

  /** Brings what was written meanwhile, page by page. */
  private catchUp(roomId: Uuid): void {
    const read = async (): Promise<void> => {
      for (let pages = 0; pages < catchUpPagesMax; pages++) {
        if (!this.windows.get(roomId)?.hasLater) return;
        await this.loadLater(roomId);
      }
      if (this.windows.get(roomId)?.hasLater) await this.load(roomId, { before: null }, 'instead');
    };
    this.inBackground(this.turn(roomId, read));
  }

  private async loadLater(roomId: Uuid): Promise<void> {
    const last = this.windows.get(roomId)?.messages.at(-1)?.messageId ?? null;
    await this.load(roomId, { after: last }, 'later');
  }

  private async load(roomId: Uuid, query: PageQuery, side: PageSide): Promise<void> {
    const count = side === 'later' ? fieldLimits.pageMessagesMax : newestCount;
    const waiting: TextNews[] = [];
    this.waiting.set(roomId, waiting);
    try {
      const page = await this.readPage(roomId, query, count);
      const window = withPage(this.windows.get(roomId) ?? null, page, side);
      const isTooMuch = waiting.length > waitingNewsMax;
      this.keep(roomId, isTooMuch ? { ...window, hasLater: true } : window);
      for (const news of waiting) this.take(news);
    } finally {
      this.waiting.delete(roomId);
    }
  }

  private take(news: TextNews): void {
    const window = this.windows.get(news.roomId);
    const { connection } = this.session.state;
    if (window === undefined || !('userId' in connection)) return;
    const next = withNews(window, news, connection.userId);
    if (next !== window) this.keep(news.roomId, next);
  }

  private keep(roomId: Uuid, window: TextWindow): void {
    this.windows.delete(roomId);
    this.windows.set(roomId, window);
    const [oldest] = this.windows.keys();
    if (this.windows.size > windowsMax && oldest !== undefined) this.windows.delete(oldest);
    this.session.update({ texts: new Map(this.windows) });
  }

  private drop(roomId: Uuid): void {
    if (this.windows.delete(roomId)) this.session.update({ texts: new Map(this.windows) });
  }

  /** From now on something may be missed. */
  private loseTouch(): void {
    for (const [roomId, window] of this.windows) {
      const pinChanges = window.pinChanges + 1;
      this.windows.set(roomId, { ...window, hasLater: true, pinChanges });
    }
  }

  private turn<T>(roomId: Uuid, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(roomId) ?? Promise.resolve();
    const turn = before.then(work, work);
    const settled = turn.catch(() => undefined);
    this.turns.set(roomId, settled);
    void settled.then(() => {
      if (this.turns.get(roomId) === settled) this.turns.delete(roomId);
    });
    return turn;
  }

  /** What nobody asked for fails without a word: it is there at the next look. */
  private inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof ClientError)) throw error;
    });
  }
}

function wireQuery(query: PageQuery): { direction: HistoryDirection; messageId: Uuid | null } {
  if ('before' in query) return { direction: HistoryDirection.Before, messageId: query.before };
  if ('after' in query) return { direction: HistoryDirection.After, messageId: query.after };
  return { direction: HistoryDirection.Around, messageId: query.around };
}
