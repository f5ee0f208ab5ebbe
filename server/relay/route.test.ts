import { describe, expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { tokenSlot } from '@rookery/schemas/voicePacket';
import type { FanOut, FanOutSocket } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { CounterTotals } from '../tables/counterTable.js';
import { quicAddress } from '../tables/pathTable.js';
import { attachRelayTables } from '../tables/relayTables.js';
import { VoiceTables } from '../tables/voiceTables.js';
import { addressLogLength } from '../tables/workerTable.js';
import { stageLimits } from '../testing/relayStage.js';
import { RouteBook } from './route.js';
import { SessionPaths } from './sessionPaths.js';

/** Keeps the addresses, of which only the first word counts here, and counts what it is told. */
class CountingFanOut implements FanOut {
  count = 0;
  readonly ports: number[] = [];
  readonly #onSet: () => void;

  constructor(onSet: () => void) {
    this.#onSet = onSet;
  }

  resize(count: number): void {
    this.count = count;
  }

  setAddress(index: number, addresses: Int32Array, at: number): void {
    this.ports[index] = addresses[at]!;
    this.#onSet();
  }

  replace(): void {
    throw new Error('nothing is sent');
  }

  addPiece(): void {
    throw new Error('nothing is sent');
  }

  send(): number {
    throw new Error('nothing is sent');
  }
}

const rooms = ['lobby', 'library', 'kitchen'] as const;

/** Routes of several workers on the same tables, and where everybody is, as a model has it. */
class RouteStage {
  readonly main: VoiceTables;
  readonly tokens: number[] = [];
  /** Addresses that were laid out, over all workers. */
  addressesSet = 0;
  readonly #workers: { paths: SessionPaths; routes: RouteBook }[];
  readonly #rooms = new Map<number, string>();
  /** First word of the address, or `quic`. */
  readonly #addresses = new Map<number, number | 'quic'>();
  #counter = 0;

  constructor(workers: number, sessionsMax = 64) {
    const limits = { ...stageLimits, sessionsMax };
    this.main = new VoiceTables(limits, workers);
    const totals = new CounterTotals(workers);
    const socket: FanOutSocket = {
      outgoing: new Uint8Array(0),
      openFanOut: () => new CountingFanOut(() => this.addressesSet++),
    };
    this.#workers = Array.from({ length: workers }, (_worker, index) => {
      const tables = attachRelayTables(this.main.memory, totals.memory, limits, index);
      const paths = new SessionPaths(tables, 4);
      return { paths, routes: new RouteBook(tables, paths, socket) };
    });
  }

  add(): number {
    const token = this.main.addSession(new Uint8Array(16));
    this.tokens.push(token);
    return token;
  }

  remove(token: number): void {
    this.tokens.splice(this.tokens.indexOf(token), 1);
    this.#rooms.delete(token);
    this.#addresses.delete(token);
    this.main.removeSession(token);
  }

  move(token: number, room: string | null): void {
    this.main.moveSession(token, room);
    if (room === null) this.#rooms.delete(token);
    else this.#rooms.set(token, room);
  }

  /** As a Ping does that came to this worker. */
  bind(token: number, worker: number, at: number | 'quic'): void {
    const slot = tokenSlot(token);
    const { paths } = this.#workers[worker]!;
    paths.find(slot, token);
    if (!paths.isOwn(slot, token)) paths.adopt(slot, token);
    const address = at === 'quic' ? quicAddress : Int32Array.of(at, 0, 0, 0, 1);
    paths.bind(slot, address, ++this.#counter);
    this.#addresses.set(token, at);
  }

  /** Asks a worker for a room's route, and compares it with the model. */
  check(worker: number, room: (typeof rooms)[number], where: string): void {
    const { routes } = this.#workers[worker]!;
    // Rooms get their rows in the order in which they are entered.
    const route = routes.routeTo(rooms.indexOf(room))!;
    const members = this.tokens.filter((token) => this.#rooms.get(token) === room);
    const known = members.filter((token) => this.#addresses.has(token));
    const isQuic = (token: number): boolean => this.#addresses.get(token) === 'quic';
    const quicTokens = [...route.quicTokens.subarray(0, route.quicCount)];
    expect(sorted(quicTokens), where).toEqual(sorted(known.filter(isQuic)));
    const expected = known
      .filter((token) => !isQuic(token))
      .map((token): [number, number] => [token, this.#addresses.get(token) as number]);
    const { fanOut } = route;
    if (!(fanOut instanceof CountingFanOut)) throw new TypeError('another socket was routed for');
    const placed = this.tokens.filter((token) => routes.placeOf(route, token) !== nobody);
    const receivers = placed.map((token): [number, number] => [
      token,
      fanOut.ports[routes.placeOf(route, token)]!,
    ]);
    expect(receivers, where).toEqual(expected);
    // Each has a place of their own, and there is no other.
    const places = new Set(placed.map((token) => routes.placeOf(route, token)));
    expect([places.size, Math.max(-1, ...places) + 1], where).toEqual([fanOut.count, fanOut.count]);
  }
}

function sorted(tokens: number[]): number[] {
  return tokens.sort((a, b) => a - b);
}

/** Everybody in the first room, heard by the first worker. */
function fullRoom(workers: number, members: number): RouteStage {
  const stage = new RouteStage(workers, members + 1);
  for (const room of rooms) {
    const token = stage.add();
    stage.move(token, room);
    stage.remove(token);
  }
  for (let i = 0; i < members; i++) {
    const token = stage.add();
    stage.bind(token, 0, 1_000 + i);
    stage.move(token, 'lobby');
  }
  for (let worker = 0; worker < workers; worker++) stage.check(worker, 'lobby', 'at first');
  stage.addressesSet = 0;
  return stage;
}

describe('a new address', () => {
  test('is laid out alone', () => {
    const stage = fullRoom(2, 500);
    stage.bind(stage.tokens[77]!, 1, 5);
    for (const worker of [0, 1]) stage.check(worker, 'lobby', `worker ${worker}`);
    expect(stage.addressesSet).toBe(2);
    stage.bind(stage.tokens[0]!, 0, 6);
    stage.bind(stage.tokens[499]!, 1, 7);
    for (const worker of [0, 1]) stage.check(worker, 'lobby', `worker ${worker}`);
    expect(stage.addressesSet).toBe(6);
  });

  test('costs rooms nothing in which nobody has it', () => {
    const stage = fullRoom(1, 100);
    const elsewhere = stage.add();
    stage.move(elsewhere, 'library');
    for (let i = 0; i < 10; i++) stage.bind(elsewhere, 0, i);
    stage.check(0, 'lobby', 'the other room');
    expect(stage.addressesSet).toBe(0);
    stage.check(0, 'library', 'its own');
    expect(stage.addressesSet).toBe(1);
  });

  test('of who was heard nowhere yet is added to the others', () => {
    const stage = fullRoom(1, 100);
    const token = stage.add();
    stage.move(token, 'lobby');
    stage.check(0, 'lobby', 'before');
    stage.addressesSet = 0;
    stage.bind(token, 0, 9);
    stage.check(0, 'lobby', 'behind');
    expect(stage.addressesSet).toBe(1);
  });

  test('does not disturb the room that its session has left', () => {
    const stage = fullRoom(1, 10);
    const token = stage.tokens[3]!;
    stage.move(token, null);
    stage.check(0, 'lobby', 'after it left');
    stage.bind(token, 0, 5);
    stage.check(0, 'lobby', 'after it moved');
  });
});

test.each([addressLogLength - 1, addressLogLength, addressLogLength + 1, 3 * addressLogLength])(
  'a worker that missed %i changes has them all',
  (missed) => {
    const stage = fullRoom(2, 20);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < missed; i++) stage.bind(stage.tokens[i % 20]!, 1, i + round * 10_000);
      stage.check(0, 'lobby', `worker 0, round ${round}`);
      stage.check(1, 'lobby', `worker 1, round ${round}`);
    }
  },
);

test('a route of more members than changes can be gone through has them all', () => {
  const members = 3 * addressLogLength;
  const stage = fullRoom(1, members);
  for (let i = 0; i < members - 1; i++) stage.bind(stage.tokens[i]!, 0, 90_000 + i);
  stage.check(0, 'lobby', 'after nearly all have moved');
});

test.each([91, 92, 93, 94, 95, 96])('routes agree with a naive model (seed %i)', (seed) => {
  const random = new SeededRandom(seed);
  const workers = 1 + random.below(4);
  const stage = fullRoom(workers, 5);
  const anyRoom = () => rooms[random.below(rooms.length)]!;
  for (let step = 0; step < 3_000; step++) {
    const token = stage.tokens[random.below(stage.tokens.length)]!;
    // Now and then so many changes that the log comes round.
    const changes = random.chance(0.003) ? addressLogLength + random.below(50) : 1;
    const dice = random.below(10);
    if (dice < 5) {
      const at = random.chance(0.1) ? 'quic' : random.below(1e6);
      const worker = random.below(workers);
      for (let i = 0; i < changes; i++) stage.bind(token, worker, at === 'quic' ? at : at + i);
    } else if (dice < 7) {
      stage.move(token, random.chance(0.3) ? null : anyRoom());
    } else if (dice < 8 && stage.tokens.length < 6) {
      stage.add();
    } else if (dice < 9 && stage.tokens.length > 2) {
      stage.remove(token);
    }
    if (random.chance(0.5)) stage.check(random.below(workers), anyRoom(), `seed ${seed}, ${step}`);
  }
});
