import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { faceSettings, usualSettings } from './faceSettings.js';
import { SettingsFile } from './settingsFile.js';

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(() => scratch.remove());

const openAt = (name: string) =>
  new SettingsFile(scratch.in(`${name}/client.json`), faceSettings, usualSettings);

test('gives back what was written last', async () => {
  const file = openAt('written');
  expect(await file.read()).toEqual(usualSettings);
  void file.write({ ...usualSettings, theme: 'light' });
  await file.write({ ...usualSettings, theme: 'dark', fontSizePct: 150 });
  expect(await openAt('written').read()).toMatchObject({ theme: 'dark', fontSizePct: 150 });
});

test('takes the usual for what a person left out', async () => {
  await openAt('edited').write(usualSettings);
  const path = scratch.in('edited/client.json');
  await writeFile(path, '{ "version": 1, "value": { "theme": "light" } }');
  expect(await openAt('edited').read()).toEqual({ ...usualSettings, theme: 'light' });
});

test.each(['', '{', '[]', 'null', '{"version":2,"value":{}}', '{"version":1,"value":{"theme":7}}'])(
  'puts a damaged file aside and goes on with the usual: %s',
  async (text) => {
    const name = `damaged ${Buffer.from(text).toString('hex')}`;
    await openAt(name).write(usualSettings);
    await writeFile(scratch.in(`${name}/client.json`), text);
    expect(await openAt(name).read()).toEqual(usualSettings);
    const [aside] = await readdir(scratch.in(name));
    expect(await readFile(scratch.in(`${name}/${aside!}`), 'utf8')).toBe(text);
  },
);
