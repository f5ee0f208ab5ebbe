import type { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import type { Message, Uuid } from '@rookery/schemas/messages';
import { encodeMessage } from '@rookery/schemas/messageCodec';
import { StreamKind, StreamUrgency } from '@rookery/schemas/protocol';
import { fingerprintBytes } from '@rookery/schemas/loginMessage';
import type { ConnectionId, StreamId } from '@rookery/transport/quicTypes';
import { sourceKey } from '@rookery/transport/sourceLimits';
import { Outbox, type OutboxShare } from '../broadcast/outbox.js';
import { TokenBucket } from '../command/tokenBucket.js';
import type { ControlLimits } from '../limits.js';
import { InboundLanes } from './inboundLanes.js';
import type { LaneGates } from './laneGate.js';
import type { QuicPeer } from './quicPeer.js';
import { RoomStreams, type OpenedStream, type RoomRoute } from './roomStreams.js';

/** Who is logged in on a connection. */
export interface Session {
  readonly token: number;
  readonly userId: Uuid;
  readonly displayName: string;
}

/**
 * Where a connection stands.
 *
 *     awaitHello ─Hello─► awaitAuth ─Auth─► verifying ─► open ─► closing ─► (gone)
 *          └──────── refusal, violation, time-out ─────────────────▲
 *
 * The challenge leaves with `awaitAuth`, so it serves one login.
 */
export type ConnectionPhase =
  | { readonly name: 'awaitHello' }
  | { readonly name: 'awaitAuth'; readonly challenge: Uint8Array; readonly workBits: number }
  | { readonly name: 'verifying' }
  | { readonly name: 'open'; readonly session: Session; readonly gates: LaneGates }
  | { readonly name: 'closing' };

/** Why a login is refused, for the peer and for its counter. */
export interface LoginRefusal {
  readonly reason: AuthFailure;
  readonly message: string;
  /** Milliseconds since 1970 from which it may go better, where that is known. */
  readonly untilMs?: number;
  /** What a moderator wrote for whoever is kept away. */
  readonly note?: string;
}

export interface ConnectionOptions {
  readonly id: ConnectionId;
  readonly peer: QuicPeer;
  readonly limits: ControlLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Called when the peer does not read what it is sent; not while closing. */
  readonly onTooSlow: (connection: Connection) => void;
}

/** One client's connection: where its conversation stands, and its streams. */
export class Connection {
  readonly id: ConnectionId;
  readonly openedAtMs: number;
  readonly inbound: InboundLanes;
  readonly controlBucket: TokenBucket;
  phase: ConnectionPhase = { name: 'awaitHello' };
  /** What the peer's address counts as where addresses are limited; '' once it is gone. */
  source = '';
  /**
   * Of the certificate that was shown on it, which may not be the one of today, 32 bytes. Zeros
   * before the handshake is done: then nobody has anything to sign.
   */
  shownFingerprint: Uint8Array = new Uint8Array(fingerprintBytes);
  /** Whose key was proven on it; null before. */
  provenUserId: Uuid | null = null;
  readonly #options: ConnectionOptions;
  readonly #outboxes = new Map<StreamId, Outbox>();
  #control: Outbox | null = null;
  #view: Outbox | null = null;
  #rooms: RoomStreams | null = null;
  #bulk: Outbox | null = null;
  /** Called when the stream of files has taken all, and when the connection is gone. */
  onBulkDrained: () => void = () => undefined;
  /** Of all outboxes together. */
  readonly #share: OutboxShare = { waitingBytes: 0 };

  constructor(options: ConnectionOptions) {
    this.id = options.id;
    this.openedAtMs = options.nowMs();
    this.inbound = new InboundLanes(options.limits);
    this.controlBucket = new TokenBucket(options.limits.controlMessages, this.openedAtMs);
    this.#options = options;
    this.noteAddress();
  }

  /** The address that the peer has now, without its port; null once it is gone. */
  get host(): string | null {
    return this.#options.peer.host;
  }

  /** Whether the server works on its login. */
  get isBeingChecked(): boolean {
    return this.phase.name === 'verifying';
  }

  /** The peer's address is another one. */
  noteAddress(): void {
    this.source = sourceKey(this.host ?? '');
  }

  /** The client's first bidirectional stream, known from its first bytes. */
  openControl(stream: StreamId): void {
    if (this.#control !== null) return;
    this.#options.peer.prioritise(stream, StreamUrgency.Control);
    this.#control = this.#createOutbox(stream);
  }

  /**
   * Opens the stream of the view; those of rooms follow when they have something to carry.
   * @returns false when the peer allows no stream towards it
   */
  openView(): boolean {
    const view = this.#openUni(StreamKind.View, StreamUrgency.View)?.outbox ?? null;
    if (view === null) return false;
    const { limits, nowMs } = this.#options;
    this.#view = view;
    this.#rooms = new RoomStreams({
      limits: limits.streams,
      open: (kind) => this.#openUni(kind, StreamUrgency.Shard),
      view,
      nowMs,
    });
    return true;
  }

  /** Sends on the control stream; nothing where there is none yet. */
  sendControl(message: Message, requestId = 0): void {
    this.#push(this.#control, encodeMessage(message, requestId));
  }

  /** @param frame encoded; may be sent to others too */
  sendView(frame: Uint8Array): void {
    this.#push(this.#view, frame);
  }

  /** The same on the stream that the room has on this connection. */
  sendRoom(route: RoomRoute, frame: Uint8Array): void {
    if (this.#rooms !== null && !this.#rooms.send(route, frame)) this.#tooSlow();
  }

  /** To be called now and then. */
  giveUpUnusedStreams(): void {
    this.#rooms?.giveUpUnused();
  }

  /**
   * Sends on the stream of files, which is opened when it is first needed. One frame at a time:
   * the next once `isBulkBusy` says no, so that files take next to no memory.
   *
   * @returns false when the peer allows no stream towards it, or the conversation ends
   */
  sendBulk(frame: Uint8Array): boolean {
    if (this.phase.name === 'closing') return false;
    this.#bulk ??= this.#openUni(StreamKind.Bulk, StreamUrgency.Bulk)?.outbox ?? null;
    return this.#bulk?.push(frame) ?? false;
  }

  /** Whether the stream of files has not taken all yet. */
  get isBulkBusy(): boolean {
    return this.#bulk?.isEmpty === false && this.phase.name !== 'closing';
  }

  /** What it sends is looked at before what those send who have not logged in. */
  goFirst(): void {
    this.#options.peer.prefer();
  }

  /** @returns false where the peer is gone, takes no datagrams, or none as long */
  sendDatagram(bytes: Uint8Array): boolean {
    return this.#options.peer.sendDatagram(bytes);
  }

  drain(stream: StreamId): void {
    const outbox = this.#outboxes.get(stream);
    outbox?.drain();
    if (outbox !== undefined && outbox === this.#bulk && outbox.isEmpty) this.onBulkDrained();
  }

  isStalled(): boolean {
    for (const outbox of this.#outboxes.values()) if (outbox.isStalled()) return true;
    return false;
  }

  #openUni(kind: StreamKind, urgency: number): OpenedStream | null {
    const stream = this.#options.peer.openUni(urgency);
    if (stream === null) return null;
    const outbox = this.#createOutbox(stream);
    outbox.push(Uint8Array.of(kind));
    return { stream, outbox };
  }

  #createOutbox(stream: StreamId): Outbox {
    const { peer, limits, nowMs } = this.#options;
    const target = {
      write: (bytes: Uint8Array) => peer.write(stream, bytes),
      finish: () => {
        if (!peer.finish(stream)) return false;
        this.#outboxes.delete(stream);
        return true;
      },
    };
    const outbox = new Outbox(target, this.#share, limits.session, nowMs);
    this.#outboxes.set(stream, outbox);
    return outbox;
  }

  #push(outbox: Outbox | null, frame: Uint8Array): void {
    if (outbox !== null && !outbox.push(frame)) this.#tooSlow();
  }

  #tooSlow(): void {
    if (this.phase.name !== 'closing') this.#options.onTooSlow(this);
  }
}
