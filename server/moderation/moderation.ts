import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import type { MessageOfTheDay, UserModeration, Uuid } from '@rookery/schemas/messages';
import { CloseCode } from '@rookery/schemas/protocol';
import type { Publisher } from '../broadcast/publisher.js';
import type { ModerationLimits } from '../moderationLimits.js';
import type { Connection, LoginRefusal, Session } from '../session/connection.js';
import { goodbye, type Parting } from '../session/parting.js';
import type { CommunityState } from '../state/communityState.js';
import type { StoredBan } from '../store/bans.js';
import type { Store } from '../store/store.js';
import { BanBook } from './banBook.js';
import { ReportBook } from './reportBook.js';
import { TimedMarks } from './timedMarks.js';

/** The sessions that are there, as moderation needs them. */
export interface SessionsToModerate {
  connectionOf(userId: Uuid): Connection | null;
  /** Ends the session of a user, also one that waits for its client. */
  endOf(userId: Uuid): void;
  /** Who is connected, and from where. */
  connected(): Iterable<{ readonly userId: Uuid; readonly host: string | null }>;
}

export interface ModerationOptions {
  readonly state: CommunityState;
  readonly publisher: Pick<Publisher, 'publish' | 'sendToSessions'>;
  readonly sessions: () => SessionsToModerate;
  readonly store: Pick<Store, 'bans' | 'reports' | 'settings' | 'userModeration' | 'lastRooms'>;
  readonly limits: ModerationLimits;
  /** Ends a conversation. */
  readonly part: (connection: Connection, parting: Parting) => void;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/**
 * What moderators decided: who is kept away, who is muted, what everybody is told, and which
 * messages were reported. Voice follows in the same turn of the event loop: a packet that comes
 * after it reaches nobody who is not to hear it. Main thread.
 */
export class Moderation {
  readonly bans: BanBook;
  readonly reports: ReportBook;
  readonly #options: ModerationOptions;
  /** By user: those who were kicked a moment ago. */
  readonly #kicked: TimedMarks;
  /** By room and user: those who wrote a moment ago in a room with slow mode. */
  readonly #wrote: TimedMarks;

  constructor(options: ModerationOptions) {
    this.#options = options;
    const { store, limits, wallClockMs } = options;
    this.bans = new BanBook({ bans: store.bans, limits, wallClockMs });
    this.reports = new ReportBook({ reports: store.reports, limits, wallClockMs });
    this.#kicked = new TimedMarks(limits.kickedMax);
    this.#wrote = new TimedMarks(limits.slowUsersMax);
  }

  /** Why somebody with a proven identity is not let in; null where nothing is against it. */
  loginRefusal(userId: Uuid, host: string | null): LoginRefusal | null {
    const ban = this.bans.ofUser(userId) ?? this.bans.ofAddress(host);
    const reason = AuthFailure.Banned;
    if (ban !== null) {
      const untilMs = ban.expiresAtMs !== null && { untilMs: ban.expiresAtMs };
      return { reason, message: banWords(ban), note: ban.reason, ...untilMs };
    }
    const leftMs = this.#kicked.leftMs(userId, this.#options.nowMs());
    if (leftMs === 0) return null;
    const seconds = Math.ceil(leftMs / 1_000);
    const message = `You were kicked a moment ago. Come back in ${seconds} s.`;
    return { reason, message, untilMs: Math.ceil(this.#options.wallClockMs() + leftMs) };
  }

  /** A session is new: it is told what everybody is told, and is as muted as its user. */
  welcome({ token, userId }: Session): void {
    const { store, publisher } = this.#options;
    const { muted, deafened } = store.userModeration.find(userId);
    if (muted || deafened) this.#apply(token, { muted, deafened });
    const { text } = this.messageOfTheDay();
    if (text !== '') publisher.sendToSessions([token], this.messageOfTheDay());
  }

  messageOfTheDay(): MessageOfTheDay {
    const text = this.#options.store.settings.find('messageOfTheDay') ?? '';
    return { type: FrameType.MessageOfTheDay, text };
  }

  /** Resolves once it is durable and all are told. @throws ServerError of the store */
  async setMessageOfTheDay(text: string): Promise<void> {
    const { state, store, publisher } = this.#options;
    await store.settings.put('messageOfTheDay', text);
    const tokens = state.snapshot().sessions.map(({ sessionToken }) => sessionToken);
    publisher.sendToSessions(tokens, this.messageOfTheDay());
  }

  /** Ends somebody's session. For a moment there is no other one. */
  kick(userId: Uuid, reason: string): void {
    const { limits, nowMs } = this.#options;
    this.#kicked.set(userId, limits.kickedMs, nowMs());
    const text = reason === '' ? 'A moderator ended the session.' : reason;
    this.#expel(userId, goodbye(CloseCode.Kicked, GoodbyeReason.Kicked, text));
  }

  /** Ends the sessions of all whom a ban keeps away. */
  expelBanned(ban: StoredBan): void {
    const parting = goodbye(CloseCode.Banned, GoodbyeReason.Banned, banWords(ban));
    if (ban.userId !== null) this.#expel(ban.userId, parting);
    if (ban.range === null) return;
    const banned = [...this.#options.sessions().connected()].filter(
      ({ host }) => this.bans.ofAddress(host) !== null,
    );
    for (const { userId } of banned) this.#expel(userId, parting);
  }

  /**
   * Mutes, deafens, suppresses somebody or gives priority, or takes it back. What is of the user
   * is durable before it is shown.
   *
   * @throws ServerError of the store, by the promise; nothing was changed then
   */
  async moderate(userId: Uuid, change: UserModeration): Promise<void> {
    const { state, store } = this.#options;
    const kept = store.userModeration.find(userId);
    const muted = change.muted ?? kept.muted;
    const deafened = change.deafened ?? kept.deafened;
    if (muted !== kept.muted || deafened !== kept.deafened) {
      await store.userModeration.put(userId, { muted, deafened });
    }
    for (const token of [...state.sessionsOf(userId)]) this.#apply(token, change);
  }

  /** @returns how many milliseconds a user has to wait before writing in a room; 0 for none */
  slowModeLeftMs(roomId: Uuid, userId: Uuid): number {
    return this.#wrote.leftMs(`${roomId}${userId}`, this.#options.nowMs());
  }

  /** Somebody writes in a room with slow mode. */
  noteWritten(roomId: Uuid, userId: Uuid, slowModeSeconds: number): void {
    const { nowMs } = this.#options;
    this.#wrote.set(`${roomId}${userId}`, slowModeSeconds * 1_000, nowMs());
  }

  #expel(userId: Uuid, parting: Parting): void {
    const { sessions, part, store } = this.#options;
    const connection = sessions().connectionOf(userId);
    if (connection !== null) part(connection, parting);
    sessions().endOf(userId);
    // Whoever comes back begins where everybody does.
    store.lastRooms.note(userId, null);
  }

  #apply(sessionToken: number, change: Partial<UserModeration>): void {
    const { state, publisher } = this.#options;
    const { muted, deafened, suppressed, prioritySpeaker } = change;
    const outcome = state.setModeration(sessionToken, {
      ...(isSet(muted) && { mutedByModerator: muted }),
      ...(isSet(deafened) && { deafenedByModerator: deafened }),
      ...(isSet(suppressed) && { suppressedByModerator: suppressed }),
      ...(isSet(prioritySpeaker) && { isPrioritySpeaker: prioritySpeaker }),
    });
    if (!outcome.refused) publisher.publish(outcome);
  }
}

function isSet(value: boolean | null | undefined): value is boolean {
  return value !== null && value !== undefined;
}

/** What a ban is told as to whom it keeps away. */
export function banWords({ reason, expiresAtMs }: StoredBan): string {
  const until =
    expiresAtMs === null
      ? 'You are banned from this server'
      : `You are banned until ${new Date(expiresAtMs).toISOString().slice(0, 16)} UTC`;
  return reason === '' ? `${until}.` : `${until}: ${reason}`;
}
