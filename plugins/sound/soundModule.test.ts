import { expect, test } from 'vitest';
import { checkSoundModule, SoundModule } from './soundModule.js';
import { soundBodies, soundWasm } from './testing/soundWasm.js';

const { gain, grow, nothing } = soundBodies;

test.each([
  ['wants something of its host', { import: ['env', 'abort'] }, /imports "env" "abort"/],
  ['wants files', { import: ['wasi_snapshot_preview1', 'fd_write'] }, /files/],
  ['may take memory without end', { pagesMax: null }, /no maximum/],
  ['may take more memory than is given', { pagesMax: 65_536 }, /65536 pages/],
] as const)('a module that %s is refused', (_what, options, why) => {
  const wasm = soundWasm(nothing, options);
  expect(() => checkSoundModule(wasm, 'capture', [])).toThrow(why);
});

test('a module is what its manifest says: for the own voice, or for each speaker', () => {
  const voice = soundWasm(nothing);
  const speaker = soundWasm(nothing, { use: 'perSpeaker' });
  checkSoundModule(voice, 'capture', []);
  checkSoundModule(speaker, 'perSpeaker', []);
  expect(() => checkSoundModule(voice, 'perSpeaker', [])).toThrow(/processSpeaker/);
  expect(() => checkSoundModule(speaker, 'capture', [])).toThrow(/processVoice/);
});

test('a module whose manifest has keys can be told of them', () => {
  const keys = [{ name: 'toggle', title: 'On or off' }];
  const deaf = soundWasm(nothing);
  expect(() => checkSoundModule(deaf, 'capture', keys)).toThrow(/exports no function "onKey"/);
  new SoundModule(deaf, 'capture').key(0, true);
  const hearing = soundWasm(soundBodies.sayKeys, { onKey: soundBodies.countDown });
  checkSoundModule(hearing, 'capture', keys);
  const module = new SoundModule(hearing, 'capture');
  for (const isDown of [true, false, true]) module.key(0, isDown);
  module.process(0, 480);
  expect(module.pcm[0]).toBe(0.25);
});

test('sound is changed in the buffer that the module names, also once its memory grew', () => {
  const module = new SoundModule(soundWasm([...grow, ...gain(0.5)]), 'capture');
  for (let call = 0; call < 3; call++) {
    module.pcm.fill(0.5);
    module.process(0, 480);
    expect(module.pcm[479]).toBe(0.25);
    expect(module.pcm[480]).toBe(0.5);
  }
});

test.each([2 ** 30, 65_536, 1_025])('a buffer at %d does not lie in memory', (bufferAt) => {
  const opening = () => new SoundModule(soundWasm(nothing, { bufferAt }), 'capture');
  expect(opening).toThrow(/buffer does not lie in its memory/);
});
