import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { speechLike } from '@rookery/client/engine/audio/testing/speechLike';
import { WavWriter } from '@rookery/client/engine/audio/wavWriter';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { judge } from './demoVerdict.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rookery-verdict-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const robin = speechLike(new SeededRandom(1), 1);
const wren = speechLike(new SeededRandom(2), 1);

/** Writes samples after some silence. @returns the file's path */
function write(name, samples, silentSamples = 0) {
  const path = join(folder, name);
  const writer = new WavWriter(path);
  writer.skipTo(silentSamples);
  writer.write(Int16Array.from(samples, (sample) => Math.round(sample * 32_767)));
  writer.close();
  return path;
}

const entry = (fileName, counts = {}) => ({
  displayName: 'Robin',
  fileName,
  framesRecovered: 0,
  framesConcealed: 0,
  framesUndecodable: 0,
  ...counts,
});

test('a speaker whose words arrived later in the recording was heard', async () => {
  const said = write('said.wav', robin);
  write('heard.wav', robin, 30_000);
  const [verdict] = await judge([{ name: 'Robin', wav: said }], [entry('heard.wav')], folder);
  expect(verdict).toMatchObject({ name: 'Robin', heard: true, framesLost: 0 });
  expect(verdict.correlation).toBeGreaterThan(0.99);
});

test("a speaker whose file holds another's words was not heard", async () => {
  const said = write('said.wav', robin);
  write('heard.wav', wren);
  const [verdict] = await judge([{ name: 'Robin', wav: said }], [entry('heard.wav')], folder);
  expect(verdict.heard).toBe(false);
});

test('a speaker who is not in the recording was not heard', async () => {
  const said = write('said.wav', robin);
  const verdicts = await judge([{ name: 'Robin', wav: said }], [], folder);
  expect(verdicts).toEqual([
    { name: 'Robin', path: null, correlation: 0, framesLost: 0, heard: false },
  ]);
});

test('frames that were recovered or guessed count as lost', async () => {
  const said = write('said.wav', robin);
  write('heard.wav', robin);
  const counts = { framesRecovered: 2, framesConcealed: 3, framesUndecodable: 1 };
  const [verdict] = await judge(
    [{ name: 'Robin', wav: said }],
    [entry('heard.wav', counts)],
    folder,
  );
  expect(verdict.framesLost).toBe(6);
});
