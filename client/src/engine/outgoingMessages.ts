import { setTimeout as delay } from 'node:timers/promises';
import { FrameType } from '@rookery/schemas/frameType';
import type { SendMessage, Uuid } from '@rookery/schemas/messages';
import { newTimeOrderedUuid } from '@rookery/schemas/uuid';
import { z } from 'zod';
import { ClientError } from './clientError.js';
import type { ConnectionState, EngineFault } from './engineState.js';
import { ServerRecords, type ServerUser } from './serverRecords.js';
import { faultOf, notConnected, passingFaults } from './sessionFaults.js';

// The nil UUID names the root room, and is none to a validator of UUIDs.
const id = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** What somebody wrote, with the id by which the server knows it when it comes again. */
const draftRecord = z.strictObject({
  clientMessageId: id,
  roomId: id,
  text: z.string(),
  replyToId: id.nullable(),
  attachmentIds: z.array(id),
}) satisfies z.ZodType<Draft>;

type Draft = Omit<SendMessage, 'type'>;

/** A message that the server has not taken yet, as the State shows it. */
export interface OutgoingMessage extends Draft {
  /** `queued` waits for a connection; `refused` waits for somebody to decide. */
  readonly status: 'queued' | 'sending' | 'refused';
  /** Why it was refused; null else. */
  readonly reason: EngineFault | null;
}

export interface OutgoingMessagesOptions {
  /** In the profile: what waits outlives a crash. */
  readonly path: string;
  /** Whether what cannot be sent waits for the connection to come back. */
  readonly isQueueing: boolean;
  /** @returns the id that the server gave. @throws ClientError */
  readonly send: (command: SendMessage) => Promise<Uuid>;
  /** The list is another one. */
  readonly onChange: (messages: readonly OutgoingMessage[]) => void;
}

interface Waiter {
  readonly resolve: (messageId: Uuid) => void;
  readonly reject: (error: unknown) => void;
}

/** More than anybody writes in a tunnel; a server that is gone must not fill the memory. */
const queuedMax = 100;
/** Nobody looks through more of them. */
const refusedMax = 20;
/** Between messages that have waited: a server takes about twenty commands a second. */
const resendEveryMs = 60;

/**
 * Sends messages. Those that find no connection wait for one, in memory and on disk, and are sent
 * in their order when it is there again. A message whose answer was lost is sent again under the
 * same id, by which the server knows it: so none is doubled.
 *
 *     send() ──► sending ──► taken (gone from here)
 *       │         ▲   └────► refused ──retry()──► …
 *       └► queued ┘ ◄── connection lost
 */
export class OutgoingMessages {
  private messages: readonly OutgoingMessage[] = [];
  private readonly waiters = new Map<Uuid, Waiter>();
  private readonly records: ServerRecords<Draft[]>;
  private user: ServerUser | null = null;
  private phase: ConnectionState['phase'] = 'idle';
  private isResending = false;
  /** Those that stand in the file. */
  private readonly kept = new Set<Uuid>();

  constructor(private readonly options: OutgoingMessagesOptions) {
    this.records = new ServerRecords(options.path, z.array(draftRecord).max(queuedMax));
  }

  /** Before a login on a server: what this identity was to say there is there again. */
  async open(user: ServerUser): Promise<void> {
    this.user = user;
    const drafts = this.options.isQueueing ? ((await this.records.find(user)) ?? []) : [];
    for (const { clientMessageId } of drafts) this.kept.add(clientMessageId);
    this.show(drafts.map((draft) => ({ ...draft, status: 'queued', reason: null })));
  }

  /**
   * Resolves with the message's id once the server has taken it, however long that takes.
   *
   * @throws ClientError `commandRefused` and its like; `disconnected` without a session, or where
   *   it was left meanwhile: what waits then is sent in the next session with that server;
   *   `invalidInput` where too many wait
   */
  send(what: Omit<Draft, 'clientMessageId'>): Promise<Uuid> {
    // Ids that sort by time are stored beside each other.
    const draft = { ...what, clientMessageId: newTimeOrderedUuid(Date.now()) };
    const isOnline = this.phase === 'connected';
    if (!isOnline && !this.isWaiting()) return Promise.reject(notConnected());
    const waiting = this.messages.filter(({ status }) => status !== 'refused');
    if (waiting.length >= queuedMax) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      this.waiters.set(draft.clientMessageId, { resolve, reject });
      const isDirect = isOnline && !this.isResending;
      this.show([...this.messages, { ...draft, status: 'queued', reason: null }]);
      if (isDirect) void this.dispatch(draft);
      else this.keep(draft);
    });
  }

  /** Sends a message again that was refused. */
  retry(clientMessageId: Uuid): void {
    const message = this.find(clientMessageId);
    if (message?.status !== 'refused') return;
    this.set(clientMessageId, { status: 'queued', reason: null });
    this.keep(draftOf(message));
    if (this.phase === 'connected') void this.resend();
  }

  /** Forgets a message that waits or was refused. */
  discard(clientMessageId: Uuid): void {
    const message = this.find(clientMessageId);
    if (message === undefined || message.status === 'sending') return;
    this.remove(clientMessageId);
    this.settle(clientMessageId, ({ reject }) =>
      reject(new ClientError('disconnected', 'the message was discarded')),
    );
  }

  /** To be called with every phase of the connection. */
  follow(phase: ConnectionState['phase']): void {
    if (phase === this.phase) return;
    this.phase = phase;
    if (phase === 'connected') void this.resend();
    if (phase === 'idle' || phase === 'disconnected') this.stopWaiting();
  }

  /** Resolves when all is written to disk. */
  settled(): Promise<void> {
    return this.records.settled();
  }

  private isWaiting(): boolean {
    const isLost = this.phase === 'reconnecting' || this.phase === 'resuming';
    return this.options.isQueueing && isLost;
  }

  private async resend(): Promise<void> {
    if (this.isResending) return;
    this.isResending = true;
    try {
      while (this.phase === 'connected') {
        const next = this.messages.find(({ status }) => status === 'queued');
        if (next === undefined) return;
        await this.dispatch(draftOf(next));
        await delay(resendEveryMs);
      }
    } finally {
      this.isResending = false;
    }
  }

  private async dispatch(draft: Draft): Promise<void> {
    const { clientMessageId } = draft;
    this.set(clientMessageId, { status: 'sending' });
    try {
      const messageId = await this.options.send({ type: FrameType.SendMessage, ...draft });
      this.remove(clientMessageId);
      this.settle(clientMessageId, ({ resolve }) => resolve(messageId));
    } catch (error) {
      this.onFailure(draft, error);
    }
  }

  private onFailure(draft: Draft, error: unknown): void {
    const { clientMessageId } = draft;
    const isPassing = error instanceof ClientError && passingFaults.has(error.code);
    if (isPassing && this.options.isQueueing) {
      this.keep(draft);
      this.set(clientMessageId, { status: 'queued' });
      // The connection may have come back before the loss was heard of here.
      if (this.phase === 'connected') setTimeout(() => void this.resend(), resendEveryMs).unref();
      return;
    }
    if (this.options.isQueueing) this.refuse(clientMessageId, faultOf(error));
    else this.remove(clientMessageId);
    this.settle(clientMessageId, ({ reject }) => reject(error));
  }

  private refuse(clientMessageId: Uuid, reason: EngineFault): void {
    this.unkeep(clientMessageId);
    this.set(clientMessageId, { status: 'refused', reason });
    const refused = this.messages.filter(({ status }) => status === 'refused');
    if (refused.length > refusedMax) this.remove(refused[0]!.clientMessageId);
  }

  private stopWaiting(): void {
    const text = 'not sent yet: it is kept, and sent when this server is connected to again';
    for (const { clientMessageId, status } of this.messages) {
      if (status !== 'queued') continue;
      this.settle(clientMessageId, ({ reject }) => reject(new ClientError('disconnected', text)));
    }
  }

  private settle(clientMessageId: Uuid, how: (waiter: Waiter) => void): void {
    const waiter = this.waiters.get(clientMessageId);
    this.waiters.delete(clientMessageId);
    if (waiter !== undefined) how(waiter);
  }

  private find(clientMessageId: Uuid): OutgoingMessage | undefined {
    return this.messages.find((message) => message.clientMessageId === clientMessageId);
  }

  private set(clientMessageId: Uuid, change: Partial<OutgoingMessage>): void {
    this.show(
      this.messages.map((message) =>
        message.clientMessageId === clientMessageId ? { ...message, ...change } : message,
      ),
    );
  }

  private remove(clientMessageId: Uuid): void {
    this.unkeep(clientMessageId);
    this.show(this.messages.filter((message) => message.clientMessageId !== clientMessageId));
  }

  private show(messages: readonly OutgoingMessage[]): void {
    this.messages = messages;
    this.options.onChange(messages);
  }

  private keep(draft: Draft): void {
    if (this.user === null || this.kept.has(draft.clientMessageId)) return;
    this.kept.add(draft.clientMessageId);
    this.records.change(this.user, (before) => {
      const others = (before ?? []).filter((other) => !isSame(other, draft));
      return [...others, draft].slice(-queuedMax);
    });
  }

  private unkeep(clientMessageId: Uuid): void {
    if (this.user === null || !this.kept.delete(clientMessageId)) return;
    this.records.change(this.user, (before) => {
      const others = (before ?? []).filter((draft) => !isSame(draft, { clientMessageId }));
      return others.length === 0 ? null : others;
    });
  }
}

function isSame(a: Pick<Draft, 'clientMessageId'>, b: Pick<Draft, 'clientMessageId'>): boolean {
  return a.clientMessageId === b.clientMessageId;
}

function draftOf(message: OutgoingMessage): Draft {
  const { clientMessageId, roomId, text, replyToId, attachmentIds } = message;
  return { clientMessageId, roomId, text, replyToId, attachmentIds };
}

function tooMany(): ClientError {
  const text = `${queuedMax} messages wait to be sent: wait for the connection, or discard some`;
  return new ClientError('invalidInput', text);
}
