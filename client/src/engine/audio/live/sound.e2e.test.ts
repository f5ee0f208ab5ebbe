import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../testing/scratchFolder.js';
import { TestServer } from '../../../testing/testServer.js';
import { ClientError } from '../../clientError.js';
import { openEngine, type Engine } from '../../engine.js';
import { ownSession, type State } from '../../engineState.js';
import { parseServerAddress } from '../../serverAddress.js';
import { openFileDevice } from '../device/fileDevice.js';
import { alikeInParts, median } from '../testing/alikeInParts.js';
import { readWav } from '../wav.js';
import { noChaos } from '../tools/chaos.js';
import { PluggableDevice } from './testing/pluggableDevice.js';
import { cleanCapture, untilState } from './testing/untilState.js';

/** A recorded human voice of Debian's package alsa-utils. */
const voiceWav = '/usr/share/sounds/alsa/Front_Center.wav';
/**
 * Sound is real time: on a machine that is busy with something else a frame may come too late to be
 * heard. That is no fault, so it is said again.
 */
const attempts = { retry: 4 };

let scratch: ScratchFolder;
let server: TestServer;
let engines: Engine[] = [];
beforeAll(async () => {
  if (!existsSync(voiceWav)) throw new Error(`${voiceWav} is missing: install alsa-utils`);
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

interface Files {
  readonly inPath?: string;
  readonly outPath?: string;
  readonly repeat?: 'once' | 'loop';
}

/** An engine with files in place of a sound card, whose plug can be pulled. */
function make(name: string, { inPath, outPath, repeat = 'once' }: Files = {}) {
  const files = { inPath: inPath ?? null, outPath: outPath ?? null, repeat };
  const card = new PluggableDevice(openFileDevice(files));
  const engine = openEngine({
    profileFolder: scratch.in(name),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs: 0,
    audio: { open: () => card },
  });
  engines.push(engine);
  return { engine, card };
}

async function join(engine: Engine, displayName: string): Promise<void> {
  await engine.connect({ address: parseServerAddress(server.address), displayName });
  await engine.joinRoom(rootRoomId);
}

const isRunning = ({ audio }: State): boolean =>
  audio.phase === 'running' && audio.output.phase === 'running';

describe('sound through a real server', () => {
  it('is heard like the source, as loud, and by those in the room', attempts, async () => {
    const outPath = scratch.in('heard.wav');
    const { engine: wren } = make('Wren', { outPath });
    await join(wren, 'Wren');
    wren.sound.start();
    await untilState(wren, 'playing', (state) => isRunning(state) && state.voice.phase === 'open');

    const { engine: robin } = make('Robin', { inPath: voiceWav });
    robin.sound.configure(cleanCapture);
    await join(robin, 'Robin');
    robin.sound.start();
    const token = ownSession(robin.state)!.sessionToken;
    await untilState(wren, 'hearing', ({ audio }) => audio.speakers.get(token)?.isTalking === true);
    const seconds = (await readWav(voiceWav)).samples.length / 48_000;
    const frames = Math.ceil(seconds * 50) + 10;
    await untilState(robin, 'through', ({ audio }) => audio.capture.frames >= frames);
    await robin.close();
    await untilState(wren, 'silent', ({ audio }) => audio.speakers.get(token)?.isTalking !== true);
    await wren.close();

    const source = await readWav(voiceWav);
    const heard = await readWav(outPath);
    const left = Float32Array.from(
      { length: heard.samples.length / 2 },
      (_, at) => heard.samples[2 * at]!,
    );
    // On a busy machine parts are late, and made longer; no other sound is as alike as the rest.
    const parts = alikeInParts(source.samples, left);
    const best = parts.filter(({ correlation }) => correlation > 0.9);
    expect(best.length).toBeGreaterThanOrEqual(parts.length / 4);
    expect(median(best.map(({ gain }) => gain))).toBeCloseTo(1, 1);
  });

  it('is as loud as the profile says of the speaker', attempts, async () => {
    const { engine: wren } = make('Wren');
    const { engine: robin } = make('Robin', { inPath: voiceWav, repeat: 'loop' });
    robin.sound.configure(cleanCapture);
    for (const [engine, name] of [
      [wren, 'Wren'],
      [robin, 'Robin'],
    ] as const) {
      await join(engine, name);
      engine.sound.start();
    }
    const { sessionToken, userId } = ownSession(robin.state)!;
    const isTalking = ({ audio }: State): boolean =>
      audio.speakers.get(sessionToken)?.isTalking === true;
    await untilState(wren, 'hearing', (state) => isTalking(state) && isLoud(state));
    wren.sound.setUserMuted(userId, true);
    await untilState(wren, 'muted', (state) => isTalking(state) && !isLoud(state));
    wren.sound.setUserMuted(userId, false);
    await untilState(wren, 'hearing again', isLoud);
    wren.sound.setVolume(userId, 0);
    await untilState(wren, 'silent', (state) => isTalking(state) && !isLoud(state));
    await wren.close();
    const kept = JSON.parse(await readFile(scratch.in('Wren', 'sound.json'), 'utf8')) as object;
    expect(kept).toMatchObject({ users: { [userId]: { gain: 0, isMuted: false } } });
  });

  it('is protected against more loss where those who hear it miss more', async () => {
    const { engine: wren } = make('Wren');
    const { engine: robin } = make('Robin', { inPath: voiceWav, repeat: 'loop' });
    robin.sound.configure(cleanCapture);
    await join(wren, 'Wren');
    await join(robin, 'Robin');
    const { expectedLossPct } = robin.state.audio;
    // Before the first 20 pings, one a second, nothing else tells of it.
    robin.chaos.set({ ...noChaos, lossPct: 40 });
    for (const { sound } of [wren, robin]) sound.start();
    await untilState(robin, 'told', ({ audio }) => audio.expectedLossPct > expectedLossPct);
    expect(robin.voiceCounters!.pingsSent).toBeLessThan(20);
  });

  it('tells others who is muted and deafened, and sends nothing then', async () => {
    const { engine } = make('Robin', { inPath: voiceWav, repeat: 'loop' });
    engine.sound.configure(cleanCapture);
    engine.sound.setMuted(true);
    engine.sound.start();
    await join(engine, 'Robin');
    await untilState(engine, 'told as muted', (state) => ownSession(state)?.muted === true);
    await untilState(engine, 'running', isRunning);
    expect(engine.state.audio).toMatchObject({ isTransmitting: false });
    engine.sound.setMuted(false);
    await untilState(engine, 'told as unmuted', (state) => ownSession(state)?.muted === false);
    await untilState(engine, 'transmitting', ({ audio }) => audio.isTransmitting);
    engine.sound.setDeafened(true);
    await untilState(engine, 'told', (state) => {
      const own = ownSession(state)!;
      return own.muted && own.deafened && !state.audio.isTransmitting;
    });
    engine.sound.setDeafened(false);
    await untilState(engine, 'transmitting', (state) => {
      return state.audio.isTransmitting && ownSession(state)?.muted === false;
    });
  });
});

describe('sound that fails', () => {
  it.each(['noAudioDevice', 'audioDeviceInUse', 'audioNotAllowed'] as const)(
    'says why (%s) while text goes on, and returns by itself',
    async (code) => {
      const { engine, card } = make('Wren', { inPath: voiceWav, repeat: 'loop' });
      card.pull(code);
      engine.sound.configure(cleanCapture);
      engine.sound.start();
      await join(engine, 'Wren');
      await untilState(engine, 'waiting', ({ audio }) => {
        return audio.input.problem?.code === code && audio.output.problem?.code === code;
      });
      await engine.sendMessage(rootRoomId, 'no sound yet');
      card.plugIn();
      await untilState(engine, 'back', (state) => isRunning(state) && state.audio.isTransmitting);
      expect(engine.state.audio.input).toMatchObject({ phase: 'running', problem: null });
    },
  );

  it('goes on after the device was unplugged while talking', async () => {
    const { engine, card } = make('Wren', { inPath: voiceWav, repeat: 'loop' });
    engine.sound.configure(cleanCapture);
    await join(engine, 'Wren');
    engine.sound.start();
    await untilState(engine, 'talking', (state) => isRunning(state) && state.audio.isTransmitting);
    card.pull('noAudioDevice');
    await untilState(engine, 'waiting', ({ audio }) => {
      return audio.input.phase === 'waiting' && !audio.isTransmitting;
    });
    await engine.sendMessage(rootRoomId, 'it was pulled out');
    expect(engine.state.audio).toMatchObject({ phase: 'running', problem: null });
    card.plugIn();
    await untilState(
      engine,
      'talking again',
      (state) => isRunning(state) && state.audio.isTransmitting,
    );
  });

  it('is told where a program has none', () => {
    const engine = openEngine({
      profileFolder: scratch.in('none'),
      clientName: 'test/1',
      timeoutMs: 5_000,
      reconnectMs: 0,
    });
    engine.sound.start();
    expect(engine.state.audio).toMatchObject({ phase: 'off', problem: { code: 'noAudioLibrary' } });
  });

  it('is started anew', async () => {
    let opened = 0;
    const engine = openEngine({
      profileFolder: scratch.in('anew'),
      clientName: 'test/1',
      timeoutMs: 5_000,
      reconnectMs: 0,
      audio: {
        open: () => {
          opened++;
          if (opened === 1) throw new ClientError('internal', 'it broke');
          return openFileDevice({ inPath: null, outPath: null });
        },
      },
    });
    engines.push(engine);
    engine.sound.start();
    await untilState(engine, 'broken', ({ audio }) => audio.problem?.message === 'it broke');
    await untilState(engine, 'running', isRunning);
    expect(engine.state.audio.problem).toBeNull();
  });
});

it('runs without a server, and with the next one', async () => {
  const { engine } = make('Wren', { inPath: voiceWav, repeat: 'loop' });
  engine.sound.configure(cleanCapture);
  engine.sound.hearYourself(true);
  engine.sound.start();
  await untilState(engine, 'hearing itself', (state) => isRunning(state) && isLoud(state));
  engine.sound.hearYourself(false);
  await untilState(engine, 'silent', (state) => !isLoud(state));
  await join(engine, 'Wren');
  await untilState(engine, 'connected', ({ voice }) => voice.phase === 'open');
  await engine.close();
  expect(engine.state.audio.phase).toBe('off');
  engine.sound.start();
  await join(engine, 'Wren');
  await untilState(
    engine,
    'there again',
    (state) => isRunning(state) && state.voice.phase === 'open',
  );
});

const isLoud = ({ audio }: State): boolean => audio.levels.outputRmsDbfs > -50;
