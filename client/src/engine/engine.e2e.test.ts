import { setTimeout as delay } from 'node:timers/promises';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { openEngine, type Engine } from './engine.js';
import { ownSession, type State } from './engineState.js';
import { parseServerAddress } from './serverAddress.js';

let scratch: ScratchFolder;
let server: TestServer;
let engines: Engine[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  engines = [];
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

function make(name: string): Engine {
  const engine = openEngine({
    profileFolder: scratch.in(name),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs: 0,
  });
  engines.push(engine);
  return engine;
}

async function connect(name: string): Promise<Engine> {
  const engine = make(name);
  await engine.connect({ address: parseServerAddress(server.address), displayName: name });
  return engine;
}

const speech = (payload: number) => ({
  payload: Uint8Array.of(payload),
  timestamp: payload * 960,
  level: 3,
  endOfSpurt: false,
});

describe('the engine', () => {
  it('goes through its phases, and can connect again', async () => {
    const engine = make('Anna');
    const phases: string[] = [];
    engine.subscribe(({ connection }) => {
      if (phases.at(-1) !== connection.phase) phases.push(connection.phase);
    });
    const options = { address: parseServerAddress(server.address), displayName: 'Anna' };
    expect(engine.state.connection.phase).toBe('idle');
    await engine.connect(options);
    expect(engine.state.connection).toMatchObject({ pin: 'remembered', serverName: 'Rookery' });
    expect(ownSession(engine.state)).toMatchObject({ displayName: 'Anna', roomId: null });
    await expect(engine.connect(options)).rejects.toMatchObject({ code: 'internal' });
    await engine.close();
    await engine.connect(options);
    expect(engine.state.connection).toMatchObject({ pin: 'known' });
    await engine.close();
    expect(phases).toEqual(['connecting', 'connected', 'idle', 'connecting', 'connected', 'idle']);
  });

  it('resolves commands once the State shows what they did', async () => {
    const anna = await connect('Anna');
    const berta = await connect('Berta');
    const roomId = await anna.createRoom(rootRoomId, ' The   Den ');
    expect(anna.state.view.rooms.get(roomId)?.name).toBe('The Den');
    await anna.renameRoom(roomId, 'Den');
    expect(anna.state.view.rooms.get(roomId)?.name).toBe('Den');
    await anna.joinRoom(roomId);
    expect(ownSession(anna.state)?.roomId).toBe(roomId);
    await anna.setSelfState({ muted: true, deafened: false });
    expect(ownSession(anna.state)).toMatchObject({ muted: true, deafened: false });
    await anna.leaveRoom();
    expect(ownSession(anna.state)?.roomId).toBeNull();
    await anna.deleteRoom(roomId);
    expect(anna.state.view.rooms.has(roomId)).toBe(false);
    await vi.waitFor(() => expect(berta.state.view).toEqual(anna.state.view));
  });

  it('gives refusals as errors and stays connected', async () => {
    const anna = await connect('Anna');
    await expect(anna.joinRoom('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      code: 'noSuchRoom',
    });
    await expect(anna.deleteRoom(rootRoomId)).rejects.toMatchObject({ code: 'commandRefused' });
    await expect(anna.createRoom(rootRoomId, 'a/b')).rejects.toMatchObject({
      code: 'invalidInput',
    });
    await expect(anna.sendMessage(rootRoomId, 'x'.repeat(9_000))).rejects.toMatchObject({
      code: 'invalidInput',
    });
    expect(anna.state.connection.phase).toBe('connected');
  });

  it('keeps the newest messages of its room', async () => {
    const anna = await connect('Anna');
    const berta = await connect('Berta');
    await Promise.all([anna.joinRoom(rootRoomId), berta.joinRoom(rootRoomId)]);
    const states: State[] = [];
    berta.subscribe((state) => states.push(state));
    const messageId = await anna.sendMessage(rootRoomId, 'hello');
    await vi.waitFor(() => expect(berta.state.messages).toHaveLength(1));
    expect(berta.state.messages[0]).toMatchObject({ messageId, text: 'hello' });
    expect(states[0]).not.toBe(states[1]);
    // The sender sees its own as everybody does.
    expect(anna.state.messages).toEqual(berta.state.messages);
  });

  it('tells what became of commands without a connection, and drops speech', async () => {
    const engine = make('Carla');
    await expect(engine.joinRoom(rootRoomId)).rejects.toMatchObject({ code: 'disconnected' });
    await expect(engine.openVoice(() => undefined)).rejects.toMatchObject({
      code: 'disconnected',
    });
    engine.sendFrame(speech(1));
    expect(engine.voiceCounters).toBeNull();
    await engine.drainVoice();
  });

  it('carries speech across a change of the room key, frame by frame', async () => {
    const [anna, berta, carla] = await Promise.all(['Anna', 'Berta', 'Carla'].map(connect));
    for (const engine of [anna!, berta!, carla!]) await engine.joinRoom(rootRoomId);
    const heard: number[] = [];
    await berta!.openVoice((_, __, timestamp, ___, payload) => {
      expect(timestamp).toBe(payload[0]! * 960);
      heard.push(payload[0]!);
    });
    await anna!.openVoice(() => undefined);
    expect(anna!.state.voice).toMatchObject({
      phase: 'open',
      roundTripMs: expect.any(Number) as number,
    });
    // Half a second and more, so that the new key comes into use in the middle.
    const all = Array.from({ length: 40 }, (_, i) => i);
    for (const i of all) {
      anna!.sendFrame(speech(i));
      if (i === 5) await carla!.leaveRoom();
      await delay(20);
    }
    await anna!.drainVoice();
    await berta!.drainVoice();
    await vi.waitFor(() => expect(heard).toEqual(all));
    expect(berta!.voiceCounters).toMatchObject({
      framesReceived: all.length,
      droppedFalseSeal: 0,
      droppedUnknownEpoch: 0,
    });
  });

  it('is heard as the network that it simulates lets it through', async () => {
    const [anna, berta] = await Promise.all(['Anna', 'Berta'].map(connect));
    for (const engine of [anna!, berta!]) await engine.joinRoom(rootRoomId);
    const heard: number[] = [];
    await berta!.openVoice((_, __, ___, ____, payload) => heard.push(payload[0]!));
    await anna!.openVoice(() => undefined);
    const [lossPct, burstLength, delayMs, jitterMs] = [50, 3, 20, 10];
    const settings = { lossPct, burstLength, delayMs, jitterMs, reorderPct: 20, duplicatePct: 20 };
    anna!.chaos.set(settings);
    const sent = Array.from({ length: 60 }, (_, i) => i);
    for (const i of sent) {
      anna!.sendFrame(speech(i));
      await delay(5);
    }
    await anna!.drainVoice();
    const { taken, lost, overflowed } = anna!.chaos.counters!;
    expect([taken, overflowed]).toEqual([sent.length, 0]);
    expect(lost).toBeGreaterThan(0);
    // What comes twice the server keeps back.
    await vi.waitFor(() => {
      expect(berta!.voiceCounters).toMatchObject({ framesReceived: taken - lost });
    });
    expect(new Set(heard).size).toBe(taken - lost);
  });
});
