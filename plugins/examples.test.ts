import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPlugin, readPlugin, type PluginFiles } from './buildPlugin.js';
import { runTest, type TestRun } from './testKit.js';

/* The examples as their authors build and test them. */

const names = ['template', 'dice', 'word-filter', 'welcome', 'stopwatch'] as const;
const folderOf = (name: string): string =>
  fileURLToPath(new URL(`../../examples/plugins/${name}`, import.meta.url));
const built = new Map<string, PluginFiles>();
let out: string;

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'rookery-examples-'));
  const building = names.map(async (name) => {
    built.set(name, await buildPlugin(folderOf(name), join(out, name)));
  });
  await Promise.all(building);
});

afterAll(() => {
  rmSync(out, { recursive: true });
});

const [roomId, userId, messageId] = [1, 2, 3].map(
  (digit) => `0196c1d4-0000-7000-8000-00000000000${digit}`,
);
const who = { userId, userName: 'Ada "the first"', isBot: false };
const message = { ...who, roomId, roomName: 'Lobby', messageId };

function run(name: (typeof names)[number], ...events: readonly object[]): Promise<TestRun> {
  const lines = events.map((event) => JSON.stringify(event));
  return runTest(built.get(name)!, lines);
}

const texts = ({ actions }: TestRun): unknown[] =>
  actions.map(({ call, input }) => ('text' in input ? input.text : call));

test('building leaves the language in this process as it was', () => {
  // The compiler has arrays sort numbers as numbers.
  expect([9, 10].sort()).toEqual([10, 9]);
});

describe('an example', () => {
  test('that was built is read again', async () => {
    const { manifest, module } = await readPlugin(join(out, 'dice'));
    expect(manifest).toMatchObject({ name: 'dice', permissions: ['sendText'] });
    expect(module.length).toBeLessThan(64 * 1_024);
  });

  test('template: greets by its setting', async () => {
    const { log, ...done } = await run('template', { type: 'command', name: 'hello', ...message });
    expect(log).toMatchObject([{ level: 'info', text: 'it runs' }]);
    expect(done).toMatchObject({ faults: 0, refused: 0 });
    expect(done.actions).toEqual([
      { event: 1, call: 'sendText', input: { roomId, text: 'Hello, Ada "the first"!' } },
    ]);
  });

  test('dice: throws what is asked for, otherwise each time, and tells how to ask', async () => {
    const wish = (args: string): object => ({ type: 'command', name: 'dice', args, ...message });
    const wishes = ['2d6', '2d6', '', 'd20', '3D4', '0d6', '21d6', '1d1', 'x', '2d6d6', '1d99999'];
    const done = await run('dice', ...wishes.map(wish));
    const shown = texts(done).map(String);
    const forms = [
      ...[/^2d6: [1-6] \+ [1-6] = \d+$/, /^2d6: [1-6] \+ [1-6] = \d+$/, /^1d6: [1-6]$/],
      ...[/^1d20: \d+$/, /^3d4: [1-4] \+ [1-4] \+ [1-4] = \d+$/],
    ];
    for (const [index, form] of forms.entries()) expect(shown[index]).toMatch(form);
    for (const text of shown.slice(5)) expect(text).toMatch(/^Write it like !dice 2d6/);
    expect(shown).toHaveLength(wishes.length);
    // The same chance in each run of the kit.
    expect(texts(await run('dice', ...wishes.map(wish)))).toEqual(shown);
  });

  test('dice: its recorded events run', async () => {
    const lines = readFileSync(join(folderOf('dice'), 'events.jsonl'), 'utf8').split('\n');
    const done = await runTest(built.get('dice')!, lines);
    expect(done).toMatchObject({ actions: [{ event: 1 }, { event: 2 }], faults: 0 });
  });

  test('dice: is not stopped by thousands of events, nor by any text', async () => {
    const odd = ['\\', '"', '\u0000', '}{', '\ud800', 'ü'.repeat(2_000), '[1,2', '\\u12'];
    const events = Array.from({ length: 600 }, (_, at) => {
      return { type: 'command', name: 'dice', args: odd[at % odd.length], ...message };
    });
    const done = await run('dice', ...events);
    expect([done.faults, done.actions.length]).toEqual([0, events.length]);
  });

  test('word filter: deletes whole words, and says so', async () => {
    const say = (text: string): object => ({ type: 'message', text, ...message });
    const done = await run(
      'word-filter',
      say('Well, DARN it'),
      say('darning'),
      say('heck'),
      say(''),
    );
    expect(done.actions.map(({ event, call }) => [event, call])).toEqual([
      ...[1, 3].flatMap((event) => [
        [event, 'deleteMessage'],
        [event, 'sendText'],
      ]),
    ]);
    expect(done.actions[0]!.input).toEqual({ roomId, messageId });
  });

  test('word filter: tells its log where it may not delete', async () => {
    const refusal = { ok: false, code: 'refused', message: 'no' };
    const done = await run(
      'word-filter',
      { answers: { deleteMessage: refusal } },
      { type: 'message', text: 'heck', ...message },
    );
    expect(texts(done)).toEqual(['deleteMessage']);
    expect(done.log).toMatchObject([
      { text: expect.stringMatching(/role of a moderator/) as string },
    ]);
  });

  test('welcome: greets once, in a room, and people alone', async () => {
    const event = (type: string, fields: object): object => ({ type, ...message, ...fields });
    const done = await run(
      'welcome',
      event('join', { roomId: null, roomName: '' }),
      event('roomChange', { isBot: true }),
      event('roomChange', {}),
      event('roomChange', {}),
    );
    const [greeting] = done.actions;
    expect([done.actions.length, greeting?.event, done.refused]).toEqual([1, 3, 0]);
    expect(texts(done)).toEqual([expect.stringMatching(/^Welcome, Ada "the first"!/)]);
  });

  test('stopwatch: times laps by keys and by buttons, as one lets go of neither', async () => {
    const press = (name: string): object[] =>
      [true, false].map((isDown) => ({ type: 'key', name, isDown }));
    const events = [...press('lap'), ...press('lap'), ...press('reset')];
    const done = await run('stopwatch', ...events, { type: 'panelAction', id: 'lap' });
    expect(done).toMatchObject({ faults: 0, refused: 0 });
    const first = done.actions.map(({ input }) => ('rows' in input ? input.rows[0] : null));
    const row = (text: string): object => ({ kind: 'label', text });
    const [stands, begun] = [row('It stands still.'), row('The first lap is under way.')];
    const timed = { kind: 'value', label: 'Laps', value: '1' };
    expect(first).toEqual([stands, begun, begun, timed, timed, stands, stands, begun]);
  });
});

test('the kit presses no key that the plugin has not', async () => {
  const press = '{"type":"key","name":"enter","isDown":true}';
  await expect(runTest(built.get('stopwatch')!, [press])).rejects.toThrow(/Line 1 .*"enter"/);
});

test('the kit says which line is no event', async () => {
  await expect(runTest(built.get('dice')!, ['', '{'])).rejects.toThrow(/Line 2/);
  await expect(runTest(built.get('dice')!, ['{"type":"lunch"}'])).rejects.toThrow(/Line 1 is no/);
});
