import { openAccess } from '@rookery/server/testing/openAccess';
import type { SessionInfo, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { Outbox } from '@rookery/server/broadcast/outbox';
import { Publisher } from '@rookery/server/broadcast/publisher';
import { controlLimits, type BroadcastLimits } from '@rookery/server/limits';
import { CommunityState } from '@rookery/server/state/communityState';
import type { Outcome } from '@rookery/server/state/outcome';

export interface CrowdOptions {
  readonly sessions: number;
  /** The last room may have fewer. */
  readonly sessionsPerRoom: number;
  readonly limits?: Partial<BroadcastLimits>;
}

const userId: Uuid = '00000000-0000-4000-8000-00000000000a';

/**
 * A server's state and publisher with so many sessions in rooms of a size, each behind a real
 * outbox whose stream takes everything. QUIC, voice and the passing of time are left out: the clock
 * stands until it is moved.
 */
export class Crowd {
  readonly state: CommunityState;
  readonly publisher: Publisher;
  readonly rooms: readonly Uuid[];
  #nowMs = 0;
  #lastToken = 0;

  constructor({ sessions, sessionsPerRoom, limits }: CrowdOptions) {
    // One more than there are, so that somebody may come.
    this.state = new CommunityState({ ...controlLimits.state, sessionsMax: sessions + 1 });
    const nothing = (): void => undefined;
    this.publisher = new Publisher({
      access: openAccess,
      state: this.state,
      voice: {
        moveSession: nothing,
        linkRooms: nothing,
        setListening: nothing,
        removeRoom: nothing,
        setFlags: nothing,
        setRoomVoice: nothing,
        setWhisperList: nothing,
        removeWhisperList: nothing,
      },
      limits: { ...controlLimits.broadcast, ...limits },
      whisperLimits: controlLimits.whispers,
      streamLimits: controlLimits.streams,
      nowMs: () => this.#nowMs,
      randomBytes: (length) => new Uint8Array(length),
      scheduleFlush: nothing,
    });
    const roomCount = Math.max(2, Math.ceil(sessions / sessionsPerRoom));
    this.rooms = Array.from({ length: roomCount }, (_, index) => this.#addRoom(index));
    for (let index = 0; index < sessions; index++) {
      const token = this.#addSession();
      this.do(this.state.joinRoom(token, this.rooms[Math.floor(index / sessionsPerRoom)]!));
    }
    this.flushCounts();
  }

  /** Logs somebody in and joins a room, told in one flush. @returns its token */
  arrive(roomId: Uuid): number {
    const token = this.#addSession();
    this.do(this.state.joinRoom(token, roomId));
    this.publisher.flush();
    return token;
  }

  leave(token: number): void {
    this.publisher.removeListener(token);
    this.do(this.state.removeSession(token));
    this.publisher.flush();
  }

  /** Moves somebody to a room and tells it. */
  move(token: number, roomId: Uuid): void {
    this.do(this.state.joinRoom(token, roomId));
    this.publisher.flush();
  }

  do(outcome: Outcome): void {
    if (outcome.refused) throw new Error(outcome.message);
    this.publisher.publish(outcome);
  }

  passMs(ms: number): void {
    this.#nowMs += ms;
  }

  /** Waits until all counts are told. */
  flushCounts(): void {
    for (let flush = 0; flush < 2; flush++) {
      this.publisher.flush();
      this.passMs(controlLimits.broadcast.countsWaitMsMax);
    }
    this.publisher.flush();
  }

  everybody(): SessionInfo[] {
    return this.state.snapshot().sessions;
  }

  #addRoom(index: number): Uuid {
    const roomId: Uuid = `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
    this.do(this.state.createRoom(roomId, rootRoomId, `Room ${index}`));
    return roomId;
  }

  #addSession(): number {
    this.#lastToken += 1;
    const token = this.#lastToken;
    const outbox = new Outbox(
      { write: () => true, finish: () => true },
      { waitingBytes: 0 },
      controlLimits.session,
      () => this.#nowMs,
    );
    this.do(this.state.addSession(token, userId, `Somebody ${token}`));
    this.publisher.addListener(token, {
      sendView: (frame) => void outbox.push(frame),
      sendRoom: (_route, frame) => void outbox.push(frame),
    });
    return token;
  }
}
