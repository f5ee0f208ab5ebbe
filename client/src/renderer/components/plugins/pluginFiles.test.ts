import { expect, test } from 'vitest';
import { choosePlugin } from './pluginFiles.js';

const file = (name: string, bytes = 1): File => new File([new Uint8Array(bytes)], name);
const [toml, wasm] = [file('plugin.toml'), file('plugin.wasm')];

test('finds the two files of a plugin by their names', () => {
  expect(choosePlugin([wasm, file('main.ts'), toml], 100)).toEqual({
    manifest: toml,
    module: wasm,
  });
});

test.each([
  [[], 'filesMissing'],
  [[toml], 'filesMissing'],
  [[wasm, file('notes.txt')], 'filesMissing'],
  [[toml, wasm, file('other.wasm')], 'tooManyFiles'],
  [[file('plugin.toml', 16_385), wasm], 'manifestTooLarge'],
  [[toml, file('plugin.wasm', 101)], 'tooLarge'],
] as const)('says what is wrong with a choice of others (%#)', (files, fault) => {
  expect(choosePlugin([...files], 100)).toBe(fault);
});
