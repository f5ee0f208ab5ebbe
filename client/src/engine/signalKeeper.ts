import type { Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import {
  decodeServerSignal,
  encodeClientSignal,
  isSignal,
  type ClientSignal,
  type PresenceStatus,
  type SpeakerLoss,
} from '@rookery/schemas/signalDatagram';
import type { ReportedLoss } from './audio/live/reportedLoss.js';
import type { StateStore } from './engineState.js';
import { TypingBook } from './typingBook.js';
import type { DatagramPath } from './voiceConnection.js';

/** Between two signs of one who types on. */
const typingIntervalMs = 3_000;

/** Who is not online says so again, as the first time may have been lost. */
const presenceIntervalMs = 30_000;

/** After coming back, "online" is said twice more. */
const onlineRepeats = 2;

/** What came is shown together, this often. */
const showIntervalMs = 50;

/**
 * Who types and who is at the computer: tells the others of oneself, and shows the others in the
 * State; and carries reports of how much of voices gets lost. All of it may get lost itself, so all
 * of it is said again or ends by itself.
 */
export class SignalKeeper {
  private readonly typists = new TypingBook();
  private readonly presences = new Map<number, 'idle' | 'away'>();
  /** Where one types, and when that was said last. */
  private readonly saidTyping = new Map<Uuid, number>();
  private datagrams: DatagramPath | null = null;
  private ownUserId: Uuid | null = null;
  private ownStatus: PresenceStatus = 'online';
  private repeatsLeft = 0;
  private told: ReportedLoss | null = null;
  private stopListening: () => void = () => undefined;
  private repeating: NodeJS.Timeout | null = null;
  private showing: { readonly timer: NodeJS.Timeout; readonly atMs: number } | null = null;

  constructor(private readonly store: Pick<StateStore, 'state' | 'update' | 'watch'>) {
    let last = store.state.messages.at(-1);
    store.watch(({ messages }) => {
      const newest = messages.at(-1);
      if (newest !== undefined && newest !== last) this.stopped(newest.roomId, newest.userId);
      last = newest;
    });
  }

  /** Another session begins. What one said of oneself holds in it, too. */
  open(datagrams: DatagramPath, userId: Uuid): void {
    this.close();
    this.datagrams = datagrams;
    this.ownUserId = userId;
    this.stopListening = datagrams.listen((datagram) => this.receive(datagram));
    this.repeating = setInterval(() => this.repeat(), presenceIntervalMs);
    this.repeating.unref();
    if (this.ownStatus !== 'online') this.say({ kind: 'presence', status: this.ownStatus });
  }

  /** The session is over. */
  close(): void {
    this.stopListening();
    this.datagrams = null;
    this.told = null;
    if (this.repeating !== null) clearInterval(this.repeating);
    if (this.showing !== null) clearTimeout(this.showing.timer);
    this.repeating = null;
    this.showing = null;
    this.typists.clear();
    this.presences.clear();
    this.saidTyping.clear();
    const { typing, presence } = this.store.state;
    if (typing.size > 0 || presence.size > 0) this.show();
  }

  setPresence(status: PresenceStatus): void {
    this.ownStatus = status;
    this.repeatsLeft = onlineRepeats;
    this.say({ kind: 'presence', status });
  }

  /** To be called at every key; says so once in a while. */
  typing(placeId: Uuid): void {
    const nowMs = performance.now();
    const saidAtMs = this.saidTyping.get(placeId) ?? -Infinity;
    if (nowMs - saidAtMs < typingIntervalMs) return;
    this.saidTyping.set(placeId, nowMs);
    this.say({ kind: 'typing', placeId });
  }

  /** What was typed was given up; sending it needs no such call. */
  stopTyping(placeId: Uuid): void {
    if (this.saidTyping.delete(placeId)) this.say({ kind: 'stopTyping', placeId });
  }

  /** What those who hear the own voice miss of it; null: nothing was told in this session. */
  get ownLoss(): ReportedLoss | null {
    return this.told;
  }

  /** Of voices that are heard. @param losses of at most `reportedSpeakersMax` */
  reportLosses(losses: readonly SpeakerLoss[]): void {
    this.say({ kind: 'receiverReport', losses });
  }

  private say(signal: ClientSignal): void {
    this.datagrams?.send(encodeClientSignal(signal));
  }

  private repeat(): void {
    const { sessions } = this.store.state.view;
    for (const token of this.presences.keys()) {
      if (!sessions.has(token)) this.presences.delete(token);
    }
    const isOnline = this.ownStatus === 'online';
    if (isOnline && this.repeatsLeft === 0) return;
    if (isOnline) this.repeatsLeft -= 1;
    this.say({ kind: 'presence', status: this.ownStatus });
  }

  private receive(datagram: Uint8Array): void {
    const signal = isSignal(datagram) ? decodeServerSignal(datagram) : null;
    switch (signal?.kind) {
      case 'typing':
        for (const userId of signal.userIds) {
          if (userId !== this.ownUserId) {
            this.typists.start(signal.placeId, userId, performance.now());
          }
        }
        break;
      case 'stopTyping':
        for (const userId of signal.userIds) this.typists.stop(signal.placeId, userId);
        break;
      case 'presence':
        for (const [token, status] of signal.statuses) this.present(token, status);
        break;
      case 'receiverReport':
        this.told = { lossPct: signal.lossPct, atMs: performance.now() };
        return;
      case undefined:
        return;
    }
    this.showAfter(showIntervalMs);
  }

  private present(sessionToken: number, status: PresenceStatus): void {
    if (status === 'online') this.presences.delete(sessionToken);
    else if (this.presences.size < fieldLimits.listMax) this.presences.set(sessionToken, status);
  }

  private stopped(placeId: Uuid, userId: Uuid): void {
    if (userId === this.ownUserId) this.saidTyping.delete(placeId);
    if (this.typists.stop(placeId, userId)) this.showAfter(0);
  }

  private showAfter(delayMs: number): void {
    const atMs = performance.now() + delayMs;
    if (this.showing !== null) {
      if (this.showing.atMs <= atMs) return;
      clearTimeout(this.showing.timer);
    }
    const timer = setTimeout(() => {
      this.showing = null;
      this.show();
    }, delayMs);
    timer.unref();
    this.showing = { timer, atMs };
  }

  private show(): void {
    const nowMs = performance.now();
    const nextMs = this.typists.expire(nowMs);
    this.store.update({ typing: this.typists.snapshot(), presence: new Map(this.presences) });
    if (nextMs !== null) this.showAfter(nextMs - nowMs);
  }
}
