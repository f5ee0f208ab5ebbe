import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { UdpGate } from '../testing/udpGate.js';
import { VoicePortBlock } from '../testing/voicePortBlock.js';
import { openEngine, type Engine } from './engine.js';
import type { EngineOptions } from './engineOptions.js';
import { ownSession } from './engineState.js';
import { IdentityStore } from './identityStore.js';
import { parseServerAddress } from './serverAddress.js';

let scratch: ScratchFolder;
let server: TestServer;
let engines: Engine[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
beforeEach(async () => {
  server = await TestServer.start(scratch.in('server'));
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  engines = [];
  await server.stop();
});
afterAll(async () => {
  await scratch.remove();
});

async function connect(
  name: string,
  reconnectMs = 60_000,
  way: Partial<EngineOptions> & { readonly port?: number } = {},
): Promise<Engine> {
  const { port, ...options } = way;
  const engine = openEngine({
    profileFolder: scratch.in(name),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs,
    ...options,
  });
  engines.push(engine);
  const address = parseServerAddress(server.address);
  const direct = { ...address, port: port ?? address.port };
  await engine.connect({ address: direct, displayName: name });
  return engine;
}

/** Another server on the same ports; says goodbye to everybody. */
async function restart(): Promise<void> {
  await server.stop();
  server = await TestServer.start(scratch.in('server'), server.portOptions);
}

async function untilPhase(engine: Engine, phase: string): Promise<void> {
  await vi.waitFor(() => expect(engine.state.connection.phase).toBe(phase), { timeout: 30_000 });
}

const speech = (payload: number) => ({
  payload: Uint8Array.of(payload),
  timestamp: payload * 960,
  level: 3,
  endOfSpurt: false,
});

describe('an engine whose server starts again', () => {
  it('is back in no room where the one that it was in is full by then', async () => {
    const [anna, berta] = await Promise.all([connect('Anna'), connect('Berta')]);
    const roomId = await anna.createRoom(rootRoomId, 'Booth');
    for (const engine of [anna, berta]) await engine.joinRoom(roomId);
    await anna.editRoom(roomId, { userLimit: 1 });
    await restart();
    const isSettled = (): void => {
      const [first, second] = [anna, berta].map(({ state }) => state);
      expect([first!.connection.phase, second!.connection.phase]).toEqual([
        'connected',
        'connected',
      ]);
      const rooms = new Set([ownSession(first!)?.roomId, ownSession(second!)?.roomId]);
      expect(rooms).toEqual(new Set([roomId, null]));
    };
    await vi.waitFor(isSettled, { timeout: 30_000 });
  });

  it('is in its room again, as it was, and goes on with voice', async () => {
    const [anna, berta] = await Promise.all([connect('Anna'), connect('Berta')]);
    const heard: number[] = [];
    for (const engine of [anna, berta]) await engine.joinRoom(rootRoomId);
    await anna.openVoice((_token, _counter, _timestamp, _end, payload) => heard.push(payload[0]!));
    await berta.openVoice(() => undefined);
    await anna.setSelfState({ muted: true, deafened: false });
    await anna.setRecording(true);
    berta.sendFrame(speech(1));
    await vi.waitFor(() => expect(heard).toEqual([1]));
    const phases: string[] = [];
    anna.subscribe(({ connection: { phase } }) => {
      if (phases.at(-1) !== phase) phases.push(phase);
    });

    await restart();
    for (const engine of [anna, berta]) await untilPhase(engine, 'connected');
    expect(phases.slice(0, 2)).toEqual(['reconnecting', 'resuming']);
    expect(phases.at(-1)).toBe('connected');
    for (const engine of [anna, berta]) {
      await vi.waitFor(() => expect(ownSession(engine.state)?.roomId).toBe(rootRoomId));
    }
    await vi.waitFor(() => {
      expect(ownSession(anna.state)).toMatchObject({ muted: true, isRecording: true });
    });
    berta.sendFrame(speech(2));
    await vi.waitFor(() => expect(heard).toEqual([1, 2]));
    expect(berta.voiceCounters).toMatchObject({ framesSent: 2 });
  });

  it('goes on whispering to those who come back, in whatever order', async () => {
    const [anna, berta] = await Promise.all([connect('Anna'), connect('Berta')]);
    const heard: string[] = [];
    await anna.joinRoom(rootRoomId);
    await anna.openVoice((_token, _counter, _timestamp, _end, payload, audience) =>
      heard.push(`${audience} ${payload[0]}`),
    );
    await berta.openVoice(() => undefined);
    const { connection } = anna.state;
    if (connection.phase !== 'connected') throw new Error('Anna is not connected');
    const whisper = await berta.registerWhisper({
      userIds: [connection.userId],
      roomIds: [],
      withChildren: false,
    });
    berta.sendWhisper(whisper, speech(1));
    await vi.waitFor(() => expect(heard).toEqual(['whisper 1']));
    await restart();
    for (const engine of [anna, berta]) await untilPhase(engine, 'connected');
    let mark = 1;
    await vi.waitFor(() => {
      mark++;
      berta.sendWhisper(whisper, speech(mark));
      expect(heard.length).toBeGreaterThan(1);
    });
    await berta.removeWhisper(whisper);
    const { framesSent } = berta.voiceCounters!;
    berta.sendWhisper(whisper, speech(mark));
    expect(berta.voiceCounters!.framesSent).toBe(framesSent);
  });

  it('sends once what was written meanwhile', async () => {
    const [anna, berta] = await Promise.all([connect('Anna'), connect('Berta')]);
    for (const engine of [anna, berta]) await engine.joinRoom(rootRoomId);
    await server.stop();
    for (const engine of [anna, berta]) await untilPhase(engine, 'reconnecting');
    const sending = Promise.all(['one', 'two'].map((text) => anna.sendMessage(rootRoomId, text)));
    expect(anna.state.outgoing.map(({ status }) => status)).toEqual(['queued', 'queued']);
    server = await TestServer.start(scratch.in('server'), server.portOptions);
    const ids = await sending;
    expect(anna.state.outgoing).toEqual([]);
    await anna.sendMessage(rootRoomId, 'three');
    const textsOf = ({ state }: Engine): string[] => state.messages.map(({ text }) => text);
    await vi.waitFor(() => expect(textsOf(anna)).toEqual(['one', 'two', 'three']));
    expect(anna.state.messages.slice(0, 2).map(({ messageId }) => messageId)).toEqual(ids);
  });

  it('refuses commands meanwhile, drops and counts speech, and can be closed', async () => {
    const anna = await connect('Anna');
    await anna.joinRoom(rootRoomId);
    await anna.openVoice(() => undefined);
    await server.stop();
    await untilPhase(anna, 'reconnecting');
    await expect(anna.joinRoom(rootRoomId)).rejects.toMatchObject({ code: 'disconnected' });
    const again = anna.connect({ address: parseServerAddress('a'), displayName: 'Anna' });
    await expect(again).rejects.toMatchObject({ code: 'internal' });
    anna.sendFrame(speech(1));
    expect(anna.voiceCounters).toMatchObject({ framesSent: 0, unsentDisconnected: 1 });
    await anna.close();
    expect(anna.state.connection.phase).toBe('idle');
    server = await TestServer.start(scratch.in('server'), server.portOptions);
    await anna.connect({ address: parseServerAddress(server.address), displayName: 'Anna' });
    expect(anna.state.connection.phase).toBe('connected');
    expect(anna.voiceCounters).toBeNull();
  });
});

it('an engine is let in again without the password, also after a restart', async () => {
  await server.stop();
  const asking = [...server.portOptions, '--password', 'open sesame'];
  server = await TestServer.start(scratch.in('server'), asking);
  const address = parseServerAddress(server.address);
  const login = async (password: string): Promise<void> => {
    const profileFolder = scratch.in('Anna of the password');
    const options = { clientName: 'test/1', timeoutMs: 5_000, reconnectMs: 0 };
    const engine = openEngine({ profileFolder, ...options });
    engines.push(engine);
    await engine.connect({ address, displayName: 'Anna', password });
    // A ticket comes once it is durable.
    await vi.waitFor(async () => expect(await hasTicket(profileFolder)).toBe(true));
    await engine.close();
  };
  await login('open sesame');
  await login('');
  await server.stop();
  server = await TestServer.start(scratch.in('server'), asking);
  await login('');
});

async function hasTicket(profileFolder: string): Promise<boolean> {
  const text = await readFile(join(profileFolder, 'resume_tickets.json'), 'utf8').catch(() => '');
  return text.includes('ticket"');
}

it('an engine whose network was away goes on with its session', async () => {
  const gate = await UdpGate.open(parseServerAddress(server.address).port);
  const block = new VoicePortBlock();
  try {
    const away = { port: gate.port, openVoiceSocket: block.openSocket, timeoutMs: 2_000 };
    const [anna, berta] = await Promise.all([connect('Anna', 60_000, away), connect('Berta')]);
    const heard: number[] = [];
    for (const engine of [anna, berta]) await engine.joinRoom(rootRoomId);
    await anna.openVoice(() => undefined);
    await berta.openVoice((_token, _counter, _timestamp, _end, payload) => heard.push(payload[0]!));
    const { sessionToken } = ownSession(anna.state)!;
    let wasThere = true;
    berta.subscribe(({ view }) => {
      wasThere &&= view.sessions.get(sessionToken)?.roomId === rootRoomId;
    });
    await berta.sendMessage(rootRoomId, 'before');
    await vi.waitFor(() => expect(anna.state.messages).toHaveLength(1));
    gate.isOpen = false;
    block.isBlocked = true;
    await vi.waitFor(
      () => {
        anna.sendFrame(speech(1));
        expect(anna.state.connection.phase).toBe('reconnecting');
      },
      { timeout: 20_000, interval: 50 },
    );
    for (const text of ['missed one', 'missed two']) await berta.sendMessage(rootRoomId, text);
    gate.isOpen = true;
    block.isBlocked = false;
    await untilPhase(anna, 'connected');
    expect(ownSession(anna.state)).toMatchObject({ sessionToken, roomId: rootRoomId });
    anna.sendFrame(speech(2));
    await vi.waitFor(() => expect(heard).toEqual([2]));
    expect(wasThere).toBe(true);
    // Before them stands what others wrote there in earlier tests.
    const shown = (): string[] | undefined =>
      anna.state.texts
        .get(rootRoomId)
        ?.messages.map(({ text }) => text)
        .slice(-3);
    await vi.waitFor(() => expect(shown()).toEqual(['before', 'missed one', 'missed two']));
  } finally {
    gate.close();
  }
});

it('an engine that was replaced by another login does not come back', async () => {
  const first = await connect('Anna');
  const second = await connect('Anna');
  await untilPhase(first, 'disconnected');
  expect(first.state.connection).toMatchObject({ reason: { code: 'sessionEnded' } });
  expect(second.state.connection.phase).toBe('connected');
});

it('an engine asks once for a passphrase, and comes back as the same user without', async () => {
  const store = new IdentityStore(scratch.in('Guarded'));
  await store.create('guarded', () => Promise.resolve('tall trees'));
  const asked: string[] = [];
  const passphrase = (identityName: string): Promise<string> => {
    asked.push(identityName);
    return Promise.resolve('tall trees');
  };
  const engine = await connect('Guarded', 60_000, { passphrase });
  const userId = ownSession(engine.state)?.userId;
  await store.create('other', null);
  await store.chooseDefault('other');
  await server.stop();
  await untilPhase(engine, 'reconnecting');
  server = await TestServer.start(scratch.in('server'), server.portOptions);
  await untilPhase(engine, 'reconnecting');
  await untilPhase(engine, 'connected');
  expect(ownSession(engine.state)?.userId).toBe(userId);
  expect(asked).toEqual(['guarded']);
});

it('an engine gives up when its time is over, and tells both reasons', async () => {
  const engine = await connect('Anna', 800);
  await server.stop();
  await untilPhase(engine, 'disconnected');
  expect(engine.state.connection).toMatchObject({
    reason: {
      code: 'disconnected',
      message: expect.stringMatching(/the server is stopping.*gave up.*0.8 s/) as string,
    },
  });
});
