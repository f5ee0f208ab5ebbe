import { FrameType } from '@rookery/schemas/frameType';
import type { KeyShare, MemberKey, ShareKey, Uuid } from '@rookery/schemas/messages';
import { ClientError } from './clientError.js';
import type { Connection } from './connection.js';
import { ownSession, type State, type StateStore } from './engineState.js';
import { fingerprintBytesOf } from './fingerprint.js';
import { PrivateCircle, type PrivateMember } from './privateCircle.js';
import type { SealingKey } from './sealingKeys.js';
import type { View } from './view.js';

/** The private room that the own session is in, as plain data. */
export interface PrivateRoomState {
  readonly roomId: Uuid;
  /**
   * `entering` before the own key is announced: one is not heard yet. `opened` where the room was
   * private while one was in it, and the server says that it is no more: nothing is sent or heard
   * until one joins it again, so that no server can end it unnoticed.
   */
  readonly phase: 'entering' | 'private' | 'opened';
  /** For members to compare; null but in phase `private`. */
  readonly safetyCode: string | null;
  /** The own session first. */
  readonly members: readonly PrivateMember[];
}

/** What it needs of a connection. */
type PrivateConnection = Pick<Connection, 'login' | 'identity' | 'query'>;

/** A server that did not take the announcement is asked again after this. */
const announceAgainMs = 1_000;

/**
 * Keeps the keys of the private room that the own session is in. They are made anew with every
 * stay, and with every connection.
 */
export class PrivateRooms {
  #circle: PrivateCircle | null = null;
  /** Of the circle. */
  #connection: PrivateConnection | null = null;
  #toldVersion = -1;
  /** Rooms that were private, and that nobody has joined since as they are now. */
  readonly #wasPrivate = new Set<Uuid>();

  /** @param keeper whose connection is read whenever it is needed */
  constructor(
    private readonly keeper: { readonly connection: PrivateConnection | null },
    private readonly store: Pick<StateStore, 'state' | 'update'>,
  ) {}

  /**
   * Whether voice of a room may go under a key of the server. What was private while one was in it
   * does not, for as long as one is there. Does not allocate.
   */
  isOpen(view: View, roomId: Uuid): boolean {
    if (view.rooms.get(roomId)?.isPrivate === true) return false;
    return view.own?.roomId !== roomId || !this.#wasPrivate.has(roomId);
  }

  /** The key of a member's voice, where it is in the same private room; else null. */
  openingKey(senderToken: number, epoch: number): Uint8Array | null {
    return this.#circle?.openingKey(senderToken, epoch) ?? null;
  }

  /** The key to speak with in a private room; null in others, or while there is none. */
  sealingKey(nowMs: number): SealingKey | null {
    return this.#circle?.sealingKey(nowMs) ?? null;
  }

  /** Whether a frame of a session opens with such a key and with none of the server's. */
  isFellow(sessionToken: number): boolean {
    return this.#circle?.isFellow(sessionToken) ?? false;
  }

  /** The user wants to join a room as it is shown now. */
  onJoin(roomId: Uuid): void {
    const { state } = this.store;
    if (state.view.rooms.get(roomId)?.isPrivate === true) this.#wasPrivate.add(roomId);
    else this.#wasPrivate.delete(roomId);
    this.follow(state);
  }

  /** Another server, or the same one as somebody else: what rooms were is not known there. */
  forget(): void {
    this.#wasPrivate.clear();
  }

  /** To be called whenever the view has changed: before anybody wants to speak. */
  follow(state: State): void {
    const { connection } = this.keeper;
    const roomId = connection === null ? null : (ownSession(state)?.roomId ?? null);
    const isPrivate = roomId !== null && state.view.rooms.get(roomId)?.isPrivate === true;
    if (!isPrivate || this.#connection !== connection || this.#circle?.roomId !== roomId) {
      this.#leave();
    }
    if (isPrivate) {
      this.#circle ??= this.#enter(roomId);
      const members = state.view.membersOf(roomId);
      // For a moment, while the server begins anew to tell who is where, nobody is shown.
      if (members?.has(connection!.login.sessionToken) === true) this.#circle.follow(members);
    }
    this.#tell(state, roomId);
  }

  /** Takes what the server carries. */
  apply(message: MemberKey | KeyShare): void {
    const circle = this.#circle;
    if (circle === null || message.roomId !== circle.roomId) return;
    if (message.type === FrameType.MemberKey) circle.takeKey(message.key);
    else circle.takeShare(message);
    this.#tell(this.store.state, circle.roomId);
  }

  #leave(): void {
    this.#circle?.close();
    this.#circle = null;
  }

  #enter(roomId: Uuid): PrivateCircle {
    const { connection } = this.keeper;
    const { login, identity } = connection!;
    this.#connection = connection;
    this.#wasPrivate.add(roomId);
    this.#toldVersion = -1;
    const circle = new PrivateCircle({
      place: { roomId, fingerprint: fingerprintBytesOf(login.fingerprint) },
      sessionToken: login.sessionToken,
      identity,
      share: (command) => void this.#share(command),
    });
    void this.#announce(circle);
    return circle;
  }

  async #announce(circle: PrivateCircle): Promise<void> {
    try {
      const list = await this.#connection!.query(circle.announcement, FrameType.MemberKeyList);
      if (circle !== this.#circle) return;
      circle.open(list.keys);
      this.#tell(this.store.state, circle.roomId);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      // The room is full, one is no more in it, or one was too fast: what is wrong passes or shows.
      const again = (): void => {
        if (circle === this.#circle) void this.#announce(circle);
      };
      setTimeout(again, announceAgainMs).unref();
    }
  }

  async #share(command: ShareKey): Promise<void> {
    const circle = this.#circle;
    try {
      await this.#connection?.query(command, FrameType.CommandDone);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      circle?.onShareFailed();
    }
  }

  #tell(state: State, roomId: Uuid | null): void {
    const circle = this.#circle;
    const before = state.privateRoom;
    if (circle !== null) {
      if (before?.roomId === circle.roomId && this.#toldVersion === circle.version) return;
      this.#toldVersion = circle.version;
      this.store.update({ privateRoom: stateOf(circle) });
    } else if (roomId !== null && this.#wasPrivate.has(roomId)) {
      if (before?.roomId === roomId && before.phase === 'opened') return;
      const nothing = { safetyCode: null, members: [] };
      this.store.update({ privateRoom: { roomId, phase: 'opened', ...nothing } });
    } else if (before !== null) {
      this.store.update({ privateRoom: null });
    }
  }
}

function stateOf(circle: PrivateCircle): PrivateRoomState {
  const { roomId, isOpen } = circle;
  return {
    roomId,
    phase: isOpen ? 'private' : 'entering',
    safetyCode: isOpen ? circle.safetyCode() : null,
    members: circle.members(),
  };
}
