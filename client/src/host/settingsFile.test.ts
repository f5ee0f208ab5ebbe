import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { faceSettings, usualSettings, type FaceSettings } from './faceSettings.js';
import type { SettingsFault } from '../engine/settingsFault.js';
import { SettingsFile } from './settingsFile.js';

let scratch: ScratchFolder;
const opened: SettingsFile<FaceSettings>[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterEach(async () => {
  for (const file of opened.splice(0)) await file.close();
});
afterAll(() => scratch.remove());

const pathOf = (name: string): string => scratch.in(`${name}/client.json`);

function openAt(name: string, faults: SettingsFault[] = []): SettingsFile<FaceSettings> {
  const file = new SettingsFile({
    path: pathOf(name),
    schema: faceSettings,
    usual: usualSettings,
    onFault: (fault) => faults.push(fault),
  });
  opened.push(file);
  return file;
}

async function edit(name: string, text: string): Promise<void> {
  await openAt(name).write(usualSettings);
  await writeFile(pathOf(name), text);
}

async function copiesIn(name: string): Promise<string[]> {
  const names = await readdir(scratch.in(name));
  return names.filter((file) => file !== 'client.json');
}

test('gives back what was written last', async () => {
  const file = openAt('written');
  expect(await file.read()).toEqual(usualSettings);
  void file.write({ ...usualSettings, theme: 'light' });
  await file.write({ ...usualSettings, theme: 'dark', fontSizePct: 150 });
  expect(await openAt('written').read()).toMatchObject({ theme: 'dark', fontSizePct: 150 });
  expect(await copiesIn('written')).toEqual([]);
});

test('takes the usual for what a person left out', async () => {
  await edit('edited', '{ "version": 1, "value": { "theme": "light" } }');
  expect(await openAt('edited').read()).toEqual({ ...usualSettings, theme: 'light' });
});

test.each(['', '{', '[]', 'null', '{"version":2,"value":{}}', '{"version":1,"value":7}'])(
  'keeps a copy of a broken file, tells of it, and goes on with the usual: %s',
  async (text) => {
    const name = `broken ${Buffer.from(text).toString('hex')}`;
    await edit(name, text);
    const faults: SettingsFault[] = [];
    expect(await openAt(name, faults).read()).toEqual(usualSettings);
    const [copy] = await copiesIn(name);
    expect(copy).toMatch(/^client\.json\.broken-\d{4}-\d\d-\d\dT/);
    expect(await readFile(scratch.in(`${name}/${copy!}`), 'utf8')).toBe(text);
    expect(faults).toEqual([{ kind: 'broken', fileName: 'client.json', keptAs: copy }]);
  },
);

test('keeps what makes sense of a file of which one entry does not', async () => {
  const text = '{"version":1,"value":{"theme":7,"fontSizePct":150,"density":"compact"}}';
  await edit('partly', text);
  const read = await openAt('partly').read();
  expect(read).toEqual({ ...usualSettings, fontSizePct: 150, density: 'compact' });
  expect(await copiesIn('partly')).toHaveLength(1);
});

test('keeps entries that it does not know', async () => {
  await edit('newer', '{"version":1,"value":{"theme":"light","wings":2}}');
  const file = openAt('newer');
  await file.write({ ...(await file.read()), density: 'compact' });
  const { value } = JSON.parse(await readFile(pathOf('newer'), 'utf8')) as { value: object };
  expect(value).toMatchObject({ theme: 'light', wings: 2, density: 'compact' });
});

test('follows what is edited while it runs', async () => {
  const file = openAt('followed');
  await file.write(await file.read());
  const seen: FaceSettings[] = [];
  await file.follow((settings) => seen.push(settings));
  await writeFile(pathOf('followed'), '{"version":1,"value":{"theme":"light"}}');
  await expect.poll(() => seen.at(-1)?.theme).toBe('light');
  await file.write({ ...usualSettings, theme: 'dark' });
  expect(await copiesIn('followed')).toEqual([]);
});

test('leaves a broken edit alone while it runs, and keeps it before it writes again', async () => {
  const faults: SettingsFault[] = [];
  const file = openAt('half', faults);
  await file.write(await file.read());
  await file.follow(() => expect.unreachable('a broken edit was taken'));
  await writeFile(pathOf('half'), '{"version":1,"value":{"theme":"li');
  await expect.poll(() => faults.length).toBe(1);
  expect(faults[0]).toMatchObject({ kind: 'broken', keptAs: null });
  await file.write({ ...usualSettings, theme: 'dark' });
  const [copy] = await copiesIn('half');
  expect(await readFile(scratch.in(`half/${copy!}`), 'utf8')).toContain('"li');
  expect(await openAt('half').read()).toMatchObject({ theme: 'dark' });
});
