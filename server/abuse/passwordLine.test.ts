import { describe, expect, test } from 'vitest';
import { PasswordLine } from './passwordLine.js';

const limits = { atOnceMax: 2, strangersAtOnceMax: 2, waitingMax: 4, perAddressMax: 3 };

/** Checks that end when they are told to. */
class Checks {
  readonly started: string[] = [];
  readonly #ends = new Map<string, () => void>();

  check(name: string): () => Promise<string> {
    return async () => {
      this.started.push(name);
      await new Promise<void>((end) => this.#ends.set(name, end));
      return name;
    };
  }

  async end(name: string, checked: Promise<unknown>): Promise<void> {
    this.#ends.get(name)!();
    await checked;
    // The next one is let in before the one that ended is heard of.
  }
}

describe('line of those whose password is checked', () => {
  test('lets few in at a time, and those first who were here before', async () => {
    const line = new PasswordLine(limits);
    const checks = new Checks();
    const ask = (name: string, isKnown: boolean) =>
      line.run({ source: name, isKnown }, checks.check(name));
    const first = ask('first', false);
    const second = ask('second', false);
    const stranger = ask('stranger', false);
    const known = ask('known', true);
    expect(checks.started).toEqual(['first', 'second']);
    await checks.end('first', first);
    expect(checks.started).toEqual(['first', 'second', 'known']);
    await checks.end('second', second);
    expect(checks.started).toEqual(['first', 'second', 'known', 'stranger']);
    await checks.end('known', known);
    await checks.end('stranger', stranger);
    expect(await stranger).toBe('stranger');
  });

  test('leaves a place to those who were here before, whatever strangers want', async () => {
    const line = new PasswordLine({ ...limits, strangersAtOnceMax: 1 });
    const checks = new Checks();
    const ask = (name: string, isKnown: boolean) =>
      line.run({ source: name, isKnown }, checks.check(name));
    const first = ask('first', false);
    const second = ask('second', false);
    expect(checks.started).toEqual(['first']);
    const known = ask('known', true);
    expect(checks.started).toEqual(['first', 'known']);
    await checks.end('known', known);
    expect(checks.started).toEqual(['first', 'known']);
    await checks.end('first', first);
    expect(checks.started).toEqual(['first', 'known', 'second']);
    await checks.end('second', second);
    const [both, too] = [ask('both', true), ask('too', true)];
    expect(checks.started.slice(-2)).toEqual(['both', 'too']);
    await checks.end('both', both);
    await checks.end('too', too);
  });

  test('tells strangers that it is busy, and still takes those who were here before', async () => {
    const line = new PasswordLine(limits);
    const checks = new Checks();
    const strangers = Array.from({ length: 7 }, (_, index) =>
      line.run({ source: `${index}`, isKnown: false }, checks.check(`${index}`)),
    );
    expect(line.strangerLoad).toBe(1);
    expect(await strangers[6]).toBe('busy');
    const known = line.run({ source: '9', isKnown: true }, checks.check('known'));
    await checks.end('0', strangers[0]!);
    await checks.end('known', known);
    for (let index = 1; index < 6; index++) await checks.end(`${index}`, strangers[index]!);
    expect(line.strangerLoad).toBe(0);
  });

  test('takes a few strangers of one address', async () => {
    const line = new PasswordLine(limits);
    const checks = new Checks();
    const ask = (name: string, source: string) =>
      line.run({ source, isKnown: false }, checks.check(name));
    const taken = [ask('a', 'here'), ask('b', 'here'), ask('c', 'here')];
    expect(await ask('d', 'here')).toBe('busy');
    const other = ask('e', 'there');
    await checks.end('a', taken[0]!);
    const again = ask('f', 'here');
    for (const [name, checked] of [
      ['b', taken[1]!],
      ['c', taken[2]!],
      ['e', other],
      ['f', again],
    ] as const) {
      await checks.end(name, checked);
    }
    expect(await again).toBe('f');
  });

  test('goes on after a check that failed', async () => {
    const line = new PasswordLine({ ...limits, atOnceMax: 1 });
    const asker = { source: 'a', isKnown: false };
    const failing = line.run(asker, () => Promise.reject(new Error('broken')));
    const next = line.run(asker, () => Promise.resolve('fine'));
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('fine');
    expect(await line.run(asker, () => Promise.resolve('again'))).toBe('again');
  });
});
