import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import {
  makeToken,
  readKind,
  tokenGeneration,
  tokenSlot,
  VoiceKind,
} from '@rookery/schemas/voicePacket';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { counted, stageLimits, VoicePeer } from '../testing/relayStage.js';
import type { DropReason, VoiceCounters } from '../tables/counterTable.js';
import { spawnRelayWorker } from './relayThread.js';
import type { VoicePlane, VoicePlaneOptions } from './voicePlane.js';
import { startVoicePlane } from './voicePlane.js';

type StageOptions = Partial<Pick<VoicePlaneOptions, 'sockets' | 'workers' | 'limits'>>;

/** Opens the plane and its clients, and closes what a test opened. */
class Stage {
  readonly workers: Worker[] = [];
  readonly faults: Error[] = [];
  plane!: VoicePlane;
  readonly #random = new SeededRandom(131);
  readonly #peers: LoopbackPeer[] = [];
  readonly #heardOverQuic = new Map<number, Uint8Array[]>();

  async start(options: StageOptions = {}): Promise<void> {
    this.plane = await startVoicePlane({
      host: '127.0.0.1',
      port: 0,
      limits: stageLimits,
      workers: 1,
      sendDatagram: (token, packet) => this.#heardOverQuic.get(token)?.push(new Uint8Array(packet)),
      ...options,
      onWorkerFault: (error) => this.faults.push(error),
      spawn: (setup) => {
        const worker = spawnRelayWorker(setup);
        this.workers.push(worker);
        return worker;
      },
    });
  }

  async stop(): Promise<void> {
    await this.plane.close();
    await Promise.all(this.#peers.map((peer) => peer.close()));
  }

  /** A session that has been heard by a Ping, in a room or none. */
  async join(roomId: string | null): Promise<LoopbackPeer> {
    const hopKey = this.#random.bytes(16);
    const token = this.plane.addSession(hopKey);
    this.plane.moveSession(token, roomId);
    const opened = await this.openSocket(new VoicePeer(token, hopKey));
    await opened.ping();
    return opened;
  }

  /** A session that has sent a Ping over QUIC. */
  joinOverQuic(roomId: string): { peer: VoicePeer; heard: Uint8Array[] } {
    const hopKey = this.#random.bytes(16);
    const token = this.plane.addSession(hopKey);
    this.plane.moveSession(token, roomId);
    const peer = new VoicePeer(token, hopKey);
    const heard: Uint8Array[] = [];
    this.#heardOverQuic.set(token, heard);
    this.plane.receiveDatagram(token, peer.ping());
    return { peer, heard };
  }

  /** A socket of somebody that the relay has not heard from there. */
  async openSocket(peer: VoicePeer): Promise<LoopbackPeer> {
    const opened = await LoopbackPeer.open(peer, this.plane.port);
    this.#peers.push(opened);
    return opened;
  }
}

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.stop());

const dropsOf = (moved: Partial<VoiceCounters>): Partial<VoiceCounters> =>
  Object.fromEntries(Object.entries(moved).filter(([name]) => name.startsWith('drop')));

/** What each receiver of a packet gets. */
const relayed = (packet: Uint8Array): Uint8Array => packet.slice(0, packet.length - 8);

describe.each(['batchIfAvailable', 'portable'] as const)('a voice plane (%s)', (sockets) => {
  beforeEach(() => stage.start({ sockets }));

  test('relays between sessions on sockets and sessions over QUIC', async () => {
    const onSocket = await stage.join('lobby');
    const onQuic = stage.joinOverQuic('lobby');
    await expect.poll(() => onQuic.heard.length).toBe(1);
    expect(readKind(onQuic.heard[0]!, 0)).toBe(VoiceKind.Pong);
    const fromQuic = onQuic.peer.voice();
    stage.plane.receiveDatagram(onQuic.peer.token, fromQuic);
    await expect.poll(() => onSocket.heard).toEqual([relayed(fromQuic)]);
    const fromSocket = onSocket.peer.voice();
    onSocket.send(fromSocket);
    await expect.poll(() => onQuic.heard.slice(1)).toEqual([relayed(fromSocket)]);
    stage.plane.setWhisperList(1, onSocket.peer.token, [onQuic.peer.token]);
    const whisper = onSocket.peer.whisper(1);
    onSocket.send(whisper);
    await expect.poll(() => onQuic.heard.slice(2)).toEqual([relayed(whisper)]);
    stage.plane.removeWhisperList(1);
    onSocket.send(onSocket.peer.whisper(1));
    await expect.poll(() => stage.plane.counters().dropWhisperList).toBe(1);
  });

  test('binds a session by its Ping and answers with a Pong', async () => {
    await stage.join(null);
    expect(stage.plane.counters().pongs).toBeGreaterThan(0);
  });

  test('relays each packet to all in the room of its sender, and to nobody else', async () => {
    const lobby = [await stage.join('lobby'), await stage.join('lobby'), await stage.join('lobby')];
    const library = [await stage.join('library'), await stage.join('library')];
    const alone = await stage.join(null);
    const spoken = new Map([...lobby, ...library].map((peer) => [peer, [] as Uint8Array[]]));
    const before = stage.plane.counters();
    for (let round = 0; round < 10; round++) {
      for (const [peer, packets] of spoken) {
        const packet = peer.peer.voice();
        packets.push(relayed(packet));
        peer.send(packet);
      }
      // Each round is heard before the next, so that no buffer of the kernel runs over.
      await Promise.all([...spoken.keys()].map((peer) => peer.ping()));
    }
    await Promise.all([...spoken.keys(), alone].map((peer) => peer.ping()));
    for (const room of [lobby, library]) {
      for (const peer of room) {
        const others = room.filter((other) => other !== peer);
        const expected = others.flatMap((other) => spoken.get(other)!);
        expect(peer.heard).toHaveLength(expected.length);
        expect(peer.heard).toEqual(expect.arrayContaining(expected));
      }
    }
    expect(alone.heard).toEqual([]);
    expect(stage.plane.counters().framesOut - before.framesOut).toBe(10 * (3 * 2 + 2 * 1));
  });

  describe('a packet that must not be relayed reaches nobody and is counted once', () => {
    let speaker: LoopbackPeer;
    let listener: LoopbackPeer;
    beforeEach(async () => {
      speaker = await stage.join('lobby');
      listener = await stage.join('lobby');
    });

    async function expectDrop(
      reason: DropReason,
      packet: Uint8Array,
      from: LoopbackPeer,
    ): Promise<void> {
      const before = stage.plane.counters();
      from.send(packet);
      await expect.poll(() => stage.plane.counters()[reason]).toBe(before[reason] + 1);
      // What was relayed would come before the answers to these.
      await speaker.ping();
      await listener.ping();
      expect(dropsOf(counted(before, stage.plane.counters()))).toEqual({ [reason]: 1 });
      expect(listener.heard).toEqual([]);
      expect(speaker.heard).toEqual([]);
    }

    afterEach(async () => {
      // And the genuine one is still heard, unless its sender was sent away.
      const packet = speaker.peer.voice();
      speaker.send(packet);
      await speaker.ping();
      await listener.ping();
      expect(listener.heard).toEqual([relayed(packet)]);
    });

    test('with a wrong hop tag', async () => {
      const packet = speaker.peer.voice();
      packet[packet.length - 1]! ^= 1;
      await expectDrop('dropHopTag', packet, speaker);
    });

    test('as a replay', async () => {
      const packet = speaker.peer.voice();
      stage.plane.moveSession(listener.peer.token, null);
      speaker.send(packet);
      await speaker.ping();
      stage.plane.moveSession(listener.peer.token, 'lobby');
      await expectDrop('dropReplay', packet, speaker);
    });

    test('from another address', async () => {
      const thief = await stage.openSocket(speaker.peer);
      await expectDrop('dropAddress', speaker.peer.voice(), thief);
    });

    test('with an old generation', async () => {
      const { token } = speaker.peer;
      const old = makeToken(tokenSlot(token), tokenGeneration(token) - 1);
      await expectDrop('dropUnknownSession', speaker.peer.voice({ token: old }), speaker);
    });

    test('from a session in no room', async () => {
      stage.plane.moveSession(speaker.peer.token, null);
      await expectDrop('dropNoRoom', speaker.peer.voice(), speaker);
      stage.plane.moveSession(speaker.peer.token, 'lobby');
    });

    test('from a muted session', async () => {
      const flags = { deafened: false, suppressed: false };
      stage.plane.setFlags(speaker.peer.token, { ...flags, muted: true });
      await expectDrop('dropMuted', speaker.peer.voice(), speaker);
      stage.plane.setFlags(speaker.peer.token, { ...flags, muted: false });
    });
  });

  test('drops the packets of a session that was removed', async () => {
    const speaker = await stage.join('lobby');
    const listener = await stage.join('lobby');
    stage.plane.removeSession(speaker.peer.token);
    const before = stage.plane.counters();
    speaker.send(speaker.peer.voice());
    await expect.poll(() => stage.plane.counters().dropUnknownSession).toBe(1);
    await listener.ping();
    expect(listener.heard).toEqual([]);
    expect(dropsOf(counted(before, stage.plane.counters()))).toEqual({ dropUnknownSession: 1 });
  });

  test('follows a session to the address of its latest Ping', async () => {
    const speaker = await stage.join('lobby');
    const listener = await stage.join('lobby');
    const moved = await stage.openSocket(listener.peer);
    await moved.ping();
    const packet = speaker.peer.voice();
    speaker.send(packet);
    await expect.poll(() => moved.heard).toEqual([relayed(packet)]);
    expect(listener.heard).toEqual([]);
  });
});

describe.each(['batchIfAvailable', 'portable'] as const)('with %s sockets', (sockets) => {
  beforeEach(() => stage.start({ sockets }));

  describe('a relay worker that dies', () => {
    test('is replaced, and its sessions speak on without another Ping', async () => {
      const speaker = await stage.join('lobby');
      const listener = await stage.join('lobby');
      const heardBefore = speaker.peer.voice();
      speaker.send(heardBefore);
      await expect.poll(() => listener.heard.length).toBe(1);
      const { port } = stage.plane;
      const died = once(stage.workers[0]!, 'exit');
      await stage.workers[0]!.terminate();
      await died;
      expect(stage.faults.map((fault) => fault.message)).toEqual([
        'a relay worker ended with code 1 and is started again',
      ]);
      // Frames are lost until the next worker has the port; the first that arrives is heard.
      const speakAndCount = (): number => {
        speaker.send(speaker.peer.voice());
        return listener.heard.length;
      };
      // As fast as speech, which is within the budget.
      await expect.poll(speakAndCount, { interval: 20, timeout: 20_000 }).toBeGreaterThan(1);
      expect(stage.workers).toHaveLength(2);
      expect(stage.plane.port).toBe(port);
      // What was relayed before the death is still a replay.
      speaker.send(heardBefore);
      await expect.poll(() => stage.plane.counters().dropReplay).toBe(1);
    });

    test('is told with its cause where it broke by itself', async () => {
      const broken = stage.workers[0]!;
      const cause = new Error('broken');
      broken.emit('error', cause);
      await broken.terminate();
      await expect.poll(() => stage.faults.length).toBe(1);
      expect(stage.faults[0]!.cause).toBe(cause);
      await stage.join('lobby');
    });

    test('does not keep the plane from closing while it is replaced', async () => {
      await stage.workers[0]!.terminate();
      await stage.plane.close();
      await stage.plane.close();
      for (const worker of stage.workers) expect(worker.threadId).toBe(-1);
    });
  });
});

test('ends a worker that does not stop by itself', async () => {
  await stage.start();
  const plane = await startVoicePlane({
    host: '127.0.0.1',
    port: 0,
    limits: { ...stageLimits, idleWaitMsMax: 40, stopMsMax: 50 },
    workers: 1,
    onWorkerFault: () => undefined,
    spawn: () => new Worker(new URL('../testing/stuckRelayWorker.js', import.meta.url)),
  });
  await plane.close();
});

test.each(['batchIfAvailable', 'portable'] as const)(
  'refuses a port that is taken (%s)',
  async (sockets) => {
    await stage.start({ sockets });
    const start = startVoicePlane({
      host: '127.0.0.1',
      port: stage.plane.port,
      limits: stageLimits,
      sockets,
      onWorkerFault: () => undefined,
    });
    await expect(start).rejects.toMatchObject({ code: 'addressInUse' });
  },
);

test.runIf(process.platform === 'linux')(
  'several workers share one port and all rooms',
  async () => {
    const workers = 4;
    await stage.start({ workers, limits: { ...stageLimits, activeWorkersMin: workers } });
    expect(stage.plane.sockets).toMatchObject({ kind: 'linux', workers });
    const peers: LoopbackPeer[] = [];
    for (let i = 0; i < 24; i++) peers.push(await stage.join(i % 2 === 0 ? 'lobby' : 'library'));
    const spoken = new Map(peers.map((peer) => [peer, [] as Uint8Array[]]));
    const expectedOf = (peer: LoopbackPeer): Uint8Array[] =>
      peers
        .filter((other, i) => other !== peer && i % 2 === peers.indexOf(peer) % 2)
        .flatMap((other) => spoken.get(other)!);
    for (let round = 0; round < 5; round++) {
      for (const peer of peers) {
        const packet = peer.peer.voice();
        spoken.get(peer)!.push(relayed(packet));
        peer.send(packet);
      }
      // Each round is heard before the next, so that no buffer of the kernel runs over.
      for (const peer of peers) {
        await expect.poll(() => peer.heard.length).toBe(expectedOf(peer).length);
      }
    }
    const sorted = (packets: readonly Uint8Array[]): Buffer[] =>
      packets.map((packet) => Buffer.from(packet)).sort((a, b) => a.compare(b));
    for (const peer of peers) expect(sorted(peer.heard)).toEqual(sorted(expectedOf(peer)));
    expect(dropsOf(stage.plane.counters())).toMatchObject({ dropAddress: 0, dropReplay: 0 });
  },
);

test.runIf(process.platform === 'linux')(
  'workers join when there is much to do, and leave when there is little',
  async () => {
    const hardlyBusy = { workerBusyMax: 0.01, workerCalmMax: 0.005, workersCalmMs: 500 };
    await stage.start({ workers: 2, limits: { ...stageLimits, ...hardlyBusy } });
    const [speaker, listener] = [await stage.join('lobby'), await stage.join('lobby')];
    const speakUntil = async (activeWorkers: number): Promise<void> => {
      while (stage.plane.activeWorkers() !== activeWorkers) {
        speaker.send(speaker.peer.voice());
        await setTimeout(1);
      }
    };
    // What was under way when the workers changed may be lost.
    const isHeard = (): Promise<void> =>
      expect
        .poll(async () => {
          const packet = speaker.peer.voice();
          speaker.send(packet);
          await listener.ping();
          return Buffer.from(relayed(packet)).equals(listener.heard.at(-1) ?? packet);
        })
        .toBe(true);
    expect(stage.plane.activeWorkers()).toBe(1);
    await isHeard();
    await speakUntil(2);
    await isHeard();
    await expect.poll(() => stage.plane.activeWorkers(), { timeout: 10_000 }).toBe(1);
    await isHeard();
  },
);
