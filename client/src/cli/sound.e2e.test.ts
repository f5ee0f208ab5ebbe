import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { wavFile } from '../engine/audio/testing/wavFile.js';
import { readWav } from '../engine/audio/wav.js';
import { RookeryProcess, type JsonEvent } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

let scratch: ScratchFolder;
let tone: string;
let running: RookeryProcess[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  tone = scratch.in('tone.wav');
  const samples = Float32Array.from({ length: 48_000 }, (_, i) => 0.3 * Math.sin(i / 20));
  await writeFile(tone, wavFile(samples));
});
afterEach(async () => {
  await Promise.all(running.map((process) => process.stop()));
  running = [];
});
afterAll(() => scratch.remove());

function run(...args: string[]): RookeryProcess {
  const process = new RookeryProcess(args);
  running.push(process);
  return process;
}

/** The first event that is so, once it was printed. */
async function eventWhere(
  process: RookeryProcess,
  name: string,
  isSo: (event: JsonEvent) => boolean,
): Promise<JsonEvent> {
  for (let times = 1; ; times++) {
    await process.printed(`"event":"${name}"`, times);
    const found = process.events.find((event) => event.event === name && isSo(event));
    if (found !== undefined) return found;
  }
}

it('talk: two hear each other, as loud as is said, and see who talks', async () => {
  const server = await TestServer.start(scratch.in('server'));
  const talk = (name: string, ...more: string[]): RookeryProcess =>
    run(
      ...['talk', 'Lobby', '--json', '--server', server.address, '--name', name],
      ...['--profile', scratch.in(name), '--output-file', scratch.in(`${name}.wav`)],
      ...['--input-file', tone, ...more],
    );
  const wren = talk('Wren', '--mute');
  await eventWhere(wren, 'device', ({ side }) => side === 'output');
  const robin = talk('Robin', '--continuous', '--volume', 'Wren=50', '--chaos', 'loss=5');
  expect(await robin.event('transmitting')).toMatchObject({ isTransmitting: true });
  expect(await wren.event('talking')).toMatchObject({ displayName: 'Robin', isTalking: true });
  const levels = await eventWhere(wren, 'levels', ({ speakers }) => {
    return (speakers as readonly object[]).length > 0;
  });
  expect(levels['speakers']).toMatchObject([{ displayName: 'Robin', isWhispering: false }]);
  expect(levels['expectedLossPct']).toBe(10);
  expect((await robin.stop()).code).toBe(0);
  expect((await robin.event('talked'))['framesSent']).toBeGreaterThan(0);
  expect((await wren.stop()).code).toBe(0);
  expect(await wren.event('talked')).toMatchObject({ framesSent: 0 });
  const heard = await readWav(scratch.in('Wren.wav'));
  expect(heard.samples.some((sample) => Math.abs(sample) > 0.1)).toBe(true);
  await server.stop();
});

it('audio-test: says how the sound is, without a server', async () => {
  const files = ['--input-file', tone, '--output-file', scratch.in('tested.wav')];
  const profile = ['--profile', scratch.in('Test')];
  const test = run('audio-test', '--json', '--seconds', '1.5', ...profile, ...files);
  const { code, stderr } = await test.outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect((await test.event('devices'))['devices']).toHaveLength(2);
  const tested = await test.event('tested');
  expect(tested['inputPeakDbfsMax']).toBeCloseTo(-10.5, 0);
  expect(tested['findings']).toContainEqual({
    code: null,
    words: 'it hears well (at its loudest -10 dB)',
  });
  const played = await readWav(scratch.in('tested.wav'));
  expect(played.samples.some((sample) => Math.abs(sample) > 0.05)).toBe(true);
});

it('audio-test: names the file that it cannot hear', async () => {
  const missing = scratch.in('missing.wav');
  const files = ['--input-file', missing, '--output-file', scratch.in('unheard.wav')];
  const test = run('audio-test', '--seconds', '0.2', '--profile', scratch.in('Test'), ...files);
  const { code, stderr } = await test.outcome;
  expect(code).toBe(1);
  expect(stderr).toContain(missing);
});

it.each([
  [['talk', '--server', 'localhost', '--volume', 'Wren'], 'Wren=150'],
  [['talk', '--server', 'localhost', '--volume', 'Wren=201'], 'from 0 to 200'],
  [['talk', '--server', 'localhost', '--ptt', '--vad'], 'cannot be used with'],
  [['audio-test', '--input', 'x', '--input-file', 'y'], 'cannot be used with'],
])('refuses %s with what is right', async (args, words) => {
  const { code, stderr } = await run(...args).outcome;
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});
