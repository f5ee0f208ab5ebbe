import { writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../../../testing/scratchFolder.js';
import { TestServer } from '../../../testing/testServer.js';
import { openEngine, type Engine } from '../../engine.js';
import { ownSession } from '../../engineState.js';
import { parseServerAddress } from '../../serverAddress.js';
import { openFileDevice } from '../device/fileDevice.js';
import { speechLike } from '../testing/speechLike.js';
import { wavFile } from '../testing/wavFile.js';
import { readWav } from '../wav.js';

let scratch: ScratchFolder;
let server: TestServer;
let engines: Engine[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
  writeFileSync(scratch.in('voice.wav'), wavFile(speechLike(new SeededRandom(1), 2)));
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  engines = [];
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

async function join(name: string, inPath: string | null): Promise<Engine> {
  const engine = openEngine({
    profileFolder: scratch.in(name),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs: 0,
    audio: { open: () => openFileDevice({ inPath, outPath: null, repeat: 'loop' }) },
  });
  engines.push(engine);
  await engine.connect({ address: parseServerAddress(server.address), displayName: name });
  await engine.joinRoom(rootRoomId);
  engine.sound.configure({ mode: 'continuous' });
  engine.sound.start();
  return engine;
}

const patient = { timeout: 20_000 };

it('a dump and a recording hold who is heard, and others see who records', async () => {
  const robin = await join('Robin', scratch.in('voice.wav'));
  const wren = await join('Wren', scratch.in('voice.wav'));
  const isShown = (): boolean =>
    robin.state.view.sessions.get(ownSession(wren.state)!.sessionToken)!.isRecording;
  expect(isShown()).toBe(false);
  const outPath = scratch.in('heard.wav');
  wren.sound.startRecording({ outPath, perSpeakerFolder: scratch.in('heard') });
  wren.sound.startDump(scratch.in('dump'));
  await vi.waitFor(() => expect(wren.state.audio.recording.phase).toBe('writing'), patient);
  await vi.waitFor(() => expect(isShown()).toBe(true), patient);
  await vi.waitFor(async () => {
    expect(await readdir(scratch.in('heard'))).toEqual(['Robin.wav']);
    expect(await readdir(scratch.in('dump', 'speakers'))).toEqual(['Robin.wav']);
  }, patient);
  // Both files begin with silence while the voice is on its way.
  const isHeard = (): boolean =>
    [...wren.state.audio.speakers.values()].some(({ levelDbfs }) => levelDbfs > -30);
  await vi.waitFor(() => expect(isHeard()).toBe(true), patient);
  wren.sound.stopRecording();
  await vi.waitFor(() => expect(wren.state.audio.recording.summary).not.toBeNull(), patient);
  await vi.waitFor(() => expect(isShown()).toBe(false), patient);
  // What still runs ends with the sound.
  await wren.sound.stop();
  expect(wren.state.audio.dump).toMatchObject({ phase: 'off', problem: null });
  for (const path of [outPath, scratch.in('dump', 'post_opus_decode.wav')]) {
    const { samples } = await readWav(path);
    expect(samples.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
  }
  for (const name of ['raw_mic.wav', 'post_dsp.wav']) {
    expect((await readWav(scratch.in('dump', name))).samples.length).toBeGreaterThan(0);
  }
});
