import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseSettingsText, settingsText, type Migration } from './settingsText.js';

const schema = z.object({ seconds: z.number().default(1), name: z.string().default('') });

/** Version 1 had minutes. */
const inSeconds: Migration = (value) => {
  const { minutes, ...others } = value as { minutes: number };
  return { ...others, seconds: minutes * 60 };
};
/** Version 2 had a list of names. */
const oneName: Migration = (value) => {
  const { names, ...others } = value as { names: string[] };
  return { ...others, name: names[0] };
};
const migrations = [inSeconds, oneName];

test('brings what an older version wrote to the newest, step by step', () => {
  const first = '{"version":1,"value":{"minutes":2,"names":["Ada"]}}';
  const second = '{"version":2,"value":{"seconds":5,"names":["Ben"]}}';
  const read = (text: string) => parseSettingsText(text, schema, migrations);
  expect(read(first)).toMatchObject({ value: { seconds: 120, name: 'Ada' }, isWhole: true });
  expect(read(second)).toMatchObject({ value: { seconds: 5, name: 'Ben' }, isWhole: true });
});

test('reads what it wrote', () => {
  const value = { seconds: 7, name: 'Cleo' };
  const text = settingsText(value, {}, migrations);
  expect(JSON.parse(text)).toMatchObject({ version: 3 });
  expect(parseSettingsText(text, schema, migrations)).toMatchObject({ value, isWhole: true });
});

test('takes nothing from a version that it does not know', () => {
  expect(parseSettingsText('{"version":4,"value":{}}', schema, migrations).value).toBeNull();
});

test('survives a migration that what a person wrote does not suit', () => {
  expect(parseSettingsText('{"version":2,"value":{}}', schema, migrations).value).toBeNull();
});

test('leaves out elements of a list that make no sense', () => {
  const text = '{"version":1,"value":[1,"two",3]}';
  const read = parseSettingsText(text, z.array(z.number()), []);
  expect(read).toMatchObject({ value: [1, 3], isWhole: false });
});
