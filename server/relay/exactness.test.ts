import { describe, expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { readKind, VoiceKind } from '@rookery/schemas/voicePacket';
import type { UdpAddress } from '@rookery/transport/udpSocket';
import { unbundle } from '../testing/loopbackPeer.js';
import type { StageOptions, StagePeer } from '../testing/relayStage.js';
import { RelayStage, roomIds, stageLimits } from '../testing/relayStage.js';

/** What a naive relay would know of a session. */
interface ModelSession {
  readonly peer: StagePeer;
  room: string | null;
  muted: boolean;
  deafened: boolean;
  suppressed: boolean;
  /** Where it is reached; null over QUIC. */
  address: UdpAddress | null;
  /** Which worker the kernel brings its packets to. */
  worker: number;
  list: { id: number; targets: Set<ModelSession> } | null;
  /** Rooms that it hears without being in them. */
  listeningTo: string[];
}

const workers = 3;
const sessionsMax = 40;

/** What makes workers share rooms between them from the first frame on. */
const sharing: StageOptions = {
  bundleWindowMs: 5,
  limits: {
    ...stageLimits,
    shareReceiversMin: 0,
    bundleIdleFramesPerSecond: 0,
    bundleBusyFramesPerSecond: 1,
  },
};

/** A relay of several workers, and beside it what it must do, asked anew every time. */
class ExactnessRun {
  readonly stage: RelayStage;
  readonly sessions: ModelSession[] = [];
  readonly #random: SeededRandom;
  #ports = 50_000;
  #listIds = 0;
  /** By receiver: frames that it must hear, as text. */
  readonly #expected = new Map<ModelSession, string[]>();
  readonly #heard = new Map<ModelSession, string[]>();
  #spoken = 0;
  /** Pairs of rooms. */
  readonly #links: [string, string][] = [];

  constructor(seed: number, options: StageOptions) {
    this.#random = new SeededRandom(seed);
    this.stage = new RelayStage(seed, { ...options, workers });
  }

  get spoken(): number {
    return this.#spoken;
  }

  /** One change, or none. */
  change(): void {
    const { sessions } = this;
    if (sessions.length < 4 || (sessions.length < sessionsMax && this.#random.chance(0.1))) {
      this.#join();
      return;
    }
    const session = this.#any();
    const changes: (() => void)[] = [
      () => this.#move(session),
      () => this.#setFlags(session),
      () => this.#rebind(session),
      () => this.#setList(session),
      () => this.#leave(session),
      () => this.#listen(session),
      () => this.#changeLinks(),
    ];
    const weights = [0.25, 0.25, 0.15, 0.1, 0.05, 0.1, 0.1];
    let dice = this.#random.nextUint32() / 2 ** 32;
    changes[weights.findIndex((weight) => (dice -= weight) < 0)]?.();
  }

  /** A few sessions speak or whisper in one batch, and everything that follows is sent. */
  speak(): void {
    this.stage.nowMs += 20;
    const speakers = new Set(Array.from({ length: 1 + this.#random.below(4) }, () => this.#any()));
    for (const speaker of speakers) {
      const isWhisper = speaker.list !== null && this.#random.chance(0.4);
      const packet = isWhisper ? speaker.peer.whisper(speaker.list!.id) : speaker.peer.voice();
      this.#deliver(packet, speaker);
      this.#expect(packet, isWhisper ? this.#whisperedBy(speaker) : this.#hearing(speaker));
      this.#spoken++;
    }
    // What one hands to another in the first round is due in the second.
    for (let round = 0; round < 2; round++) {
      for (let worker = 0; worker < workers; worker++) this.stage.flush(worker);
      this.stage.nowMs += 5;
    }
    this.#collect();
  }

  /** Compares everything since the last time. */
  check(where: string): void {
    for (const session of this.sessions) {
      const sort = (frames: string[] | undefined): string[] => (frames ?? []).sort();
      expect(sort(this.#heard.get(session)), where).toEqual(sort(this.#expected.get(session)));
    }
    this.#heard.clear();
    this.#expected.clear();
  }

  #join(): void {
    const peer = this.stage.addPeer();
    const session: ModelSession = {
      peer,
      room: null,
      muted: false,
      deafened: false,
      suppressed: false,
      address: null,
      worker: 0,
      list: null,
      listeningTo: [],
    };
    this.sessions.push(session);
    this.#rebind(session);
    this.#move(session);
  }

  #move(session: ModelSession): void {
    session.room = this.#random.chance(0.2) ? null : roomIds[this.#random.below(roomIds.length)]!;
    this.stage.tables.moveSession(session.peer.token, session.room);
  }

  #listen(session: ModelSession): void {
    session.listeningTo = roomIds.filter(() => this.#random.chance(0.25));
    this.stage.tables.setListening(session.peer.token, session.listeningTo);
  }

  /** Links two rooms, or ends a link; whoever is concerned is told as the server does it. */
  #changeLinks(): void {
    const pair = [0, 1].map(() => roomIds[this.#random.below(roomIds.length)]!);
    const [first, second] = pair as [string, string];
    if (first === second) return;
    const at = this.#links.findIndex((link) => link.includes(first) && link.includes(second));
    if (at === -1) this.#links.push([first, second]);
    else this.#links.splice(at, 1);
    for (const room of pair) this.stage.tables.linkRooms(this.#heardTogether(room));
  }

  #heardTogether(room: string): string[] {
    let found = [room];
    for (let step = 0; step < roomIds.length; step++) {
      const links = this.#links.filter((link) => link.some((end) => found.includes(end)));
      found = roomIds.filter((id) => found.includes(id) || links.flat().includes(id));
    }
    return found;
  }

  #setFlags(session: ModelSession): void {
    session.muted = this.#random.chance(0.2);
    session.deafened = this.#random.chance(0.2);
    session.suppressed = this.#random.chance(0.2);
    this.stage.tables.setFlags(session.peer.token, session);
  }

  /** A Ping from a new address, by way of any worker, or over QUIC. */
  #rebind(session: ModelSession): void {
    session.worker = this.#random.below(workers);
    session.address = this.#random.chance(0.25) ? null : { host: '192.0.2.1', port: this.#ports++ };
    this.#deliver(session.peer.ping(), session);
    this.stage.flush(session.worker);
    // The Pong.
    this.stage.sent.length = 0;
    this.stage.takeDatagrams(session.worker);
  }

  #setList(session: ModelSession): void {
    const { token } = session.peer;
    const targets = new Set(
      Array.from({ length: this.#random.below(5) }, () => this.#any()).filter(
        (target) => target !== session,
      ),
    );
    session.list ??= { id: (this.#listIds++ % 200) + 1, targets };
    session.list.targets = targets;
    const tokens = [...targets].map(({ peer }) => peer.token);
    this.stage.tables.whispers.set(session.list.id, token, tokens);
  }

  #leave(session: ModelSession): void {
    if (session.list !== null) this.stage.tables.whispers.remove(session.list.id);
    this.stage.tables.removeSession(session.peer.token);
    this.sessions.splice(this.sessions.indexOf(session), 1);
    this.#heard.delete(session);
    this.#expected.delete(session);
  }

  #hearing(speaker: ModelSession): ModelSession[] {
    if (speaker.muted || speaker.suppressed || speaker.room === null) return [];
    const rooms = this.#heardTogether(speaker.room);
    return this.sessions.filter((other) => {
      const from = [other.room, ...other.listeningTo];
      return other !== speaker && !other.deafened && from.some((id) => rooms.includes(id ?? ''));
    });
  }

  #whisperedBy(speaker: ModelSession): ModelSession[] {
    if (speaker.muted) return [];
    const { targets } = speaker.list!;
    return this.sessions.filter((other) => targets.has(other) && !other.deafened);
  }

  #expect(packet: Uint8Array, receivers: readonly ModelSession[]): void {
    const frame = textOf(packet.subarray(0, packet.length - 8));
    for (const receiver of receivers) append(this.#expected, receiver, frame);
  }

  #deliver(packet: Uint8Array, { address, worker }: ModelSession): void {
    if (address === null) this.stage.takeOverQuic(packet, worker);
    else this.stage.take(packet, address, worker);
  }

  #collect(): void {
    const byPort = new Map(this.sessions.map((session) => [session.address?.port, session]));
    const byToken = new Map(this.sessions.map((session) => [session.peer.token, session]));
    for (const { to, bytes } of this.stage.sent.splice(0)) {
      const receiver = byPort.get(to.port);
      expect(receiver, `port ${to.port}`).toBeDefined();
      const frames = readKind(bytes, 0) === VoiceKind.Bundle ? unbundle(bytes) : [bytes];
      for (const frame of frames) append(this.#heard, receiver!, textOf(frame));
    }
    for (let worker = 0; worker < workers; worker++) {
      for (const { token, bytes } of this.stage.takeDatagrams(worker)) {
        const receiver = byToken.get(token);
        expect(receiver?.address, `token ${token}`).toBeNull();
        append(this.#heard, receiver!, textOf(bytes));
      }
    }
  }

  #any(): ModelSession {
    return this.sessions[this.#random.below(this.sessions.length)]!;
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function append(map: Map<ModelSession, string[]>, key: ModelSession, text: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [text]);
  else list.push(text);
}

describe('through joins, leaves, mutes, links, listening, whispers, deafens and rebinds', () => {
  test.each([
    [701, 'workers apart', {}],
    [702, 'workers apart', {}],
    [703, 'workers apart', {}],
    [704, 'shared rooms', sharing],
    [705, 'shared rooms', sharing],
    [706, 'shared rooms', sharing],
  ])(
    'everybody hears what they must, once, and nothing else (seed %i, %s)',
    (seed, _how, options) => {
      const run = new ExactnessRun(seed, options);
      for (let step = 0; run.spoken < 5_000; step++) {
        run.change();
        if (run.sessions.length < 2) continue;
        run.speak();
        run.check(`seed ${seed}, step ${step}`);
      }
      const { framesOut, dropReplay, dropAddress, dropRace } = run.stage.counters();
      expect(framesOut).toBeGreaterThan(5_000);
      expect({ dropReplay, dropAddress, dropRace }).toEqual({
        dropReplay: 0,
        dropAddress: 0,
        dropRace: 0,
      });
    },
  );
});
