import { beforeEach, describe, expect, test } from 'vitest';
import { ServerError } from '../errors.js';
import { controlLimits } from '../limits.js';
import { CommitQueue } from './commitQueue.js';
import type { Write } from './tables.js';

const limits = { ...controlLimits.store, pendingBytesMax: 1_000, retryAfterFaultMs: 100 };

/** Groups that are on their way, each to be ended by the test. */
let groups: { names: string[]; end: (error?: Error) => void }[];
let scheduled: (() => void)[];
let nowMs: number;
let told: string[];
let queue: CommitQueue;

beforeEach(() => {
  groups = [];
  scheduled = [];
  nowMs = 0;
  told = [];
  queue = new CommitQueue({
    limits,
    commitGroup: (writes) =>
      new Promise((resolve, reject) => {
        const names = writes.map(({ key }) => Buffer.from(key).toString());
        groups.push({ names, end: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
    schedule: (run) => scheduled.push(run),
    nowMs: () => nowMs,
    onFault: (error) => told.push(error.code),
    onRecovered: () => told.push('recovered'),
  });
});

function write(name: string, value = 'value'): Write {
  return { table: 'users', key: Buffer.from(name), value: Buffer.from(value) };
}

/** @returns what became of it, in time */
function commit(...names: string[]): { state: string } {
  const outcome = { state: 'waits' };
  queue.commit(names.map((name) => write(name))).then(
    () => (outcome.state = 'durable'),
    (error: unknown) => (outcome.state = error instanceof ServerError ? error.code : 'other'),
  );
  return outcome;
}

function endTurn(): void {
  for (const run of scheduled.splice(0)) run();
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const full = new ServerError('storageFull', 'full');

describe('a group', () => {
  test('is all that is asked for in one turn, in order', async () => {
    const outcomes = [commit('a', 'b'), commit('c')];
    expect(groups).toEqual([]);
    endTurn();
    expect(groups.map(({ names }) => names)).toEqual([['a', 'b', 'c']]);
    await settled();
    expect(outcomes.map(({ state }) => state)).toEqual(['waits', 'waits']);
    groups[0]!.end();
    await settled();
    expect(outcomes.map(({ state }) => state)).toEqual(['durable', 'durable']);
  });

  test('is all that came while the one before was on its way', async () => {
    commit('a');
    endTurn();
    commit('b');
    commit('c');
    endTurn();
    expect(groups).toHaveLength(1);
    groups[0]!.end();
    await settled();
    endTurn();
    expect(groups[1]?.names).toEqual(['b', 'c']);
  });
});

describe('a fault', () => {
  test('fails what waits behind it, which may have been decided by it', async () => {
    const first = commit('a');
    endTurn();
    const second = commit('b');
    groups[0]!.end(full);
    await settled();
    expect([first.state, second.state]).toEqual(['storageFull', 'storageFull']);
    expect(queue.pending('users', Buffer.from('b'))).toBeUndefined();
    await queue.end();
  });

  test('is told once, and so is its end', async () => {
    for (const end of [full, full, undefined, undefined]) {
      commit('a');
      endTurn();
      groups.at(-1)!.end(end);
      await settled();
      nowMs += limits.retryAfterFaultMs;
    }
    expect(told).toEqual(['storageFull', 'recovered']);
  });

  test('has all writes refused for a moment, without trying', async () => {
    commit('a');
    endTurn();
    groups[0]!.end(full);
    await settled();
    const early = commit('b');
    endTurn();
    await settled();
    expect([early.state, groups.length]).toEqual(['storageFull', 1]);
    nowMs += limits.retryAfterFaultMs;
    const later = commit('c');
    endTurn();
    groups[1]!.end();
    await settled();
    expect(later.state).toBe('durable');
  });

  test('of another kind is a fault of the storage', async () => {
    const outcome = commit('a');
    endTurn();
    groups[0]!.end(new Error('unexpected'));
    await settled();
    expect(outcome.state).toBe('storageFault');
  });
});

describe('what waits', () => {
  test('is seen by who asks before it is durable, the newest of each entry', async () => {
    void queue.commit([write('a', 'old')]);
    void queue.commit([write('a', 'new'), { ...write('b'), value: null }]);
    const seen = (name: string): unknown => queue.pending('users', Buffer.from(name))?.value;
    expect(seen('a')).toEqual(Buffer.from('new'));
    expect(seen('b')).toBeNull();
    expect(seen('c')).toBeUndefined();
    expect(queue.pending('rooms', Buffer.from('a'))).toBeUndefined();
    endTurn();
    groups[0]!.end();
    await settled();
    expect(seen('a')).toBeUndefined();
  });

  test('is seen also where something else of its group was asked for before', () => {
    const seen = (name: string): unknown => queue.pending('users', Buffer.from(name))?.value;
    void queue.commit([write('a', 'old')]);
    expect(seen('a')).toEqual(Buffer.from('old'));
    void queue.commit([write('a', 'new'), write('b')]);
    expect(seen('a')).toEqual(Buffer.from('new'));
    expect(seen('b')).toEqual(Buffer.from('value'));
  });

  test('can be waited for, with all before', async () => {
    const states: string[] = [];
    const waitFor = (name: string): void => {
      queue.untilDurable().then(
        () => states.push(`${name} durable`),
        () => states.push(`${name} failed`),
      );
    };
    waitFor('nothing');
    commit('a');
    endTurn();
    waitFor('first');
    commit('b');
    waitFor('second');
    groups[0]!.end();
    await settled();
    expect(states).toEqual(['nothing durable', 'first durable']);
    endTurn();
    groups[1]!.end(full);
    await settled();
    expect(states.at(-1)).toBe('second failed');
  });

  test('is bounded, and what does not fit is refused', async () => {
    const outcomes = Array.from({ length: 30 }, (_, index) => commit(`${index}`));
    await settled();
    expect(outcomes[0]?.state).toBe('waits');
    expect(outcomes.at(-1)?.state).toBe('storageBusy');
    endTurn();
    groups[0]!.end();
    await settled();
    expect(outcomes[0]?.state).toBe('durable');
    expect(commit('again').state).toBe('waits');
  });

  test('is nothing where nothing is written', async () => {
    const nothing = commit();
    await settled();
    expect(nothing.state).toBe('durable');
    await queue.end();
    expect(scheduled).toEqual([]);
  });

  test('is written before the end, and nothing is taken after it', async () => {
    const first = commit('a');
    endTurn();
    const second = commit('b');
    let hasEnded = false;
    void queue.end().then(() => (hasEnded = true));
    const late = commit('c');
    groups[0]!.end();
    await settled();
    expect([first.state, second.state, late.state, hasEnded]).toEqual([
      'durable',
      'waits',
      'storageFault',
      false,
    ]);
    endTurn();
    groups[1]!.end();
    await settled();
    expect([second.state, hasEnded]).toEqual(['durable', true]);
  });
});
