import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ScratchFolder } from '../../../testing/scratchFolder.js';
import { TestServer } from '../../../testing/testServer.js';
import { VirtualSound } from '../../../testing/virtualSound.js';
import { openEngine, type Engine } from '../../engine.js';
import { ownSession } from '../../engineState.js';
import { parseServerAddress } from '../../serverAddress.js';
import { openPortAudio } from '../device/portAudioDevice.js';
import { capture, play } from '../device/testing/streamEnds.js';
import { alikeInParts, median } from '../testing/alikeInParts.js';
import { readWav } from '../wav.js';
import { cleanCapture, untilState } from './testing/untilState.js';

/** A recorded human voice of Debian's package alsa-utils: 48 kHz, mono. */
const voiceWav = '/usr/share/sounds/alsa/Front_Center.wav';

let scratch: ScratchFolder;
let server: TestServer;
let card: VirtualSound;
let engines: Engine[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
  card = await VirtualSound.start();
  card.enter();
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  engines = [];
});
afterAll(async () => {
  await card.stop();
  await server.stop();
  await scratch.remove();
});

/** Somebody in the lobby who hears with the headset and speaks where `speakers` plays. */
async function join(displayName: string): Promise<Engine> {
  const engine = openEngine({
    profileFolder: scratch.in(displayName),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs: 0,
    audio: { open: openPortAudio },
  });
  engines.push(engine);
  engine.sound.configure(cleanCapture);
  engine.sound.chooseInput('ALSA:speakers_mic');
  engine.sound.chooseOutput('ALSA:headset');
  await engine.connect({ address: parseServerAddress(server.address), displayName });
  await engine.joinRoom(rootRoomId);
  return engine;
}

it('speech goes from one device through a real server to another', { retry: 4 }, async () => {
  await card.plugIn('headset');
  const [wren, robin] = [await join('Wren'), await join('Robin')];
  wren.sound.setMuted(true);
  for (const { sound } of [wren, robin]) sound.start();
  const token = ownSession(robin.state)!.sessionToken;
  await untilState(wren, 'hearing', ({ audio }) => {
    return audio.output.device?.id === 'ALSA:headset' && audio.speakers.has(token);
  });

  const device = openPortAudio();
  const source = (await readWav(voiceWav)).samples;
  const seconds = source.length / 48_000 + 1;
  const ear = await device.open('input', 'ALSA:headset_mic', 10);
  const mouth = await device.open('output', 'ALSA:speakers', 10);
  const hearing = capture(ear, Math.ceil(seconds * 100));
  await play(
    mouth,
    Float32Array.from({ length: 2 * source.length }, (_, i) => source[i >> 1]!),
  );
  const heard = await hearing;
  await device.close();

  // On a busy machine parts are late, and made longer; no other sound is as alike as the rest.
  const parts = alikeInParts(source, heard);
  const best = parts.filter(({ correlation }) => correlation > 0.9);
  expect(best.length).toBeGreaterThanOrEqual(parts.length / 4);
  expect(median(best.map(({ gain }) => gain))).toBeCloseTo(1, 1);
});

it('a device that is unplugged while it plays is missed, and taken again', async () => {
  await card.plugIn('headset');
  const engine = await join('Wren');
  engine.sound.start();
  const isPlaying = ({ audio }: Engine['state']): boolean =>
    audio.output.phase === 'running' && audio.output.device?.id === 'ALSA:headset';
  await untilState(engine, 'playing', isPlaying);
  await card.unplug('headset');
  await untilState(engine, 'on the default device', ({ audio: { output } }) => {
    return output.phase === 'running' && output.isFallback && output.problem !== null;
  });
  await engine.sendMessage(rootRoomId, 'my headset is gone');
  await card.plugIn('headset');
  await untilState(engine, 'playing again', isPlaying);
  expect(engine.state.audio.output).toMatchObject({ isFallback: false, problem: null });
});
