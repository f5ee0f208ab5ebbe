import { beforeEach, describe, expect, test } from 'vitest';
import { newUuid } from '@rookery/schemas/uuid';
import { abuseLimits, type FailureLimits } from '../abuseLimits.js';
import { FailureBook, type TemporaryBan } from './failureBook.js';

const limits: FailureLimits = {
  ...abuseLimits.failures,
  failuresMax: 3,
  forgivenPerMinute: 1,
  banMsMin: 60_000,
  banMsMax: 300_000,
  rememberedMs: 1_000_000,
  toldMax: 2,
  entriesMax: 4,
};

let kept: Map<string, TemporaryBan>;

beforeEach(() => {
  kept = new Map();
});

function openBook(changed: Partial<FailureLimits> = {}): FailureBook {
  return new FailureBook({ ...limits, ...changed }, newUuid, {
    put: (ban) => kept.set(ban.banId, ban),
    remove: (banId) => kept.delete(banId),
  });
}

function fail(book: FailureBook, key: string, times: number, nowMs: number): void {
  for (let index = 0; index < times; index++) book.note(key, 'wrongPassword', 1, nowMs);
}

describe('failure book', () => {
  test('shuts out who fails too often, for a while', () => {
    const book = openBook();
    fail(book, 'a', 2, 0);
    expect(book.banMsLeft('a', 0)).toBe(0);
    fail(book, 'a', 1, 0);
    expect(book.banMsLeft('a', 0)).toBe(60_000);
    expect(book.banMsLeft('b', 0)).toBe(0);
    expect(book.banMsLeft('a', 59_999)).toBe(1);
    expect(book.banMsLeft('a', 60_000)).toBe(0);
  });

  test('forgives with time', () => {
    const book = openBook();
    for (let index = 0; index < 50; index++) book.note('a', 'wrongPassword', 1, index * 60_000);
    expect(book.banMsLeft('a', 50 * 60_000)).toBe(0);
    expect(book.suspectCount).toBe(1);
    book.sweep(51 * 60_000);
    expect(book.suspectCount).toBe(0);
  });

  test('shuts out for twice as long each time, up to a bound, and begins anew much later', () => {
    const book = openBook();
    const lengths: number[] = [];
    let nowMs = 0;
    for (let round = 0; round < 5; round++) {
      fail(book, 'a', 3, nowMs);
      lengths.push(book.banMsLeft('a', nowMs));
      nowMs += book.banMsLeft('a', nowMs);
    }
    expect(lengths).toEqual([60_000, 120_000, 240_000, 300_000, 300_000]);
    nowMs += limits.rememberedMs + 1;
    fail(book, 'a', 3, nowMs);
    expect(book.banMsLeft('a', nowMs)).toBe(60_000);
  });

  test('does not lengthen a ban by what fails during it, but notices who goes on', () => {
    const book = openBook();
    fail(book, 'a', 10, 0);
    expect(book.banMsLeft('a', 0)).toBe(60_000);
    expect(book.isStubborn('a', 0)).toBe(false);
    book.noteRefused('a');
    book.noteRefused('a');
    expect(book.isStubborn('a', 0)).toBe(true);
    expect(book.isStubborn('a', 60_000)).toBe(false);
  });

  test('counts nothing of no weight, and nothing where it is switched off', () => {
    const book = openBook();
    for (let index = 0; index < 100; index++) book.note('a', 'nameTaken', 0, 0);
    expect(book.banMsLeft('a', 0)).toBe(0);
    const off = openBook({ failuresMax: 0 });
    fail(off, 'a', 100, 0);
    expect(off.banMsLeft('a', 0)).toBe(0);
    expect(off.suspectCount).toBe(0);
  });

  test('lists who is shut out, and lets in again whom it is told to', () => {
    const book = openBook();
    fail(book, 'a', 3, 0);
    fail(book, 'b', 3, 10);
    expect(book.list(10)).toMatchObject([
      { key: 'a', sinceMs: 0, untilMs: 60_000, bans: 1, cause: 'wrongPassword' },
      { key: 'b', sinceMs: 10, untilMs: 60_010, bans: 1 },
    ]);
    expect(book.lift('a', 10)).toBe(true);
    expect(book.lift('a', 10)).toBe(false);
    expect(book.banMsLeft('a', 10)).toBe(0);
    expect(book.list(60_005).map(({ key }) => key)).toEqual(['b']);
  });

  test('remembers a bounded number, the latest, and those who are shut out apart', () => {
    const book = openBook();
    fail(book, 'banned', 3, 0);
    for (let index = 0; index < 1_000; index++) fail(book, `suspect ${index}`, 2, 1);
    expect(book.suspectCount).toBe(4);
    expect(book.banMsLeft('banned', 1)).toBeGreaterThan(0);
    for (let index = 0; index < 1_000; index++) fail(book, `more ${index}`, 3, 2);
    expect(book.list(2)).toHaveLength(4);
  });

  test('has those kept whom it remembers, and no others', () => {
    const book = openBook();
    fail(book, 'a', 3, 0);
    expect(book.list(0)).toMatchObject([...kept.values()]);
    fail(book, 'a', 3, 60_000);
    fail(book, 'b', 3, 60_000);
    expect([...kept.values()]).toMatchObject([
      { key: 'a', bans: 2 },
      { key: 'b', bans: 1 },
    ]);
    book.lift('b', 60_000);
    expect([...kept.values()].map(({ key }) => key)).toEqual(['a']);
    for (let index = 0; index < 100; index++) fail(book, `more ${index}`, 3, 60_000);
    expect(kept.size).toBe(limits.entriesMax);
    book.sweep(10_000_000);
    expect(kept.size).toBe(0);
  });

  test('goes on with the bans of before, each longer than the last', () => {
    const book = openBook();
    fail(book, 'a', 3, 0);
    fail(book, 'b', 3, 60_000);
    const again = openBook();
    for (const ban of kept.values()) again.restore(ban, 70_000);
    expect(again.list(70_000)).toEqual(book.list(70_000));
    expect(again.banMsLeft('b', 70_000)).toBe(50_000);
    fail(again, 'a', 3, 70_000);
    expect(again.banMsLeft('a', 70_000)).toBe(120_000);
    const muchLater = openBook();
    for (const ban of [...kept.values()]) muchLater.restore(ban, 10_000_000);
    expect(kept.size).toBe(0);
  });

  test('forgets the bans of before where none are made', () => {
    fail(openBook(), 'a', 3, 0);
    const off = openBook({ failuresMax: 0 });
    for (const ban of [...kept.values()]) off.restore(ban, 1);
    expect(off.list(1)).toEqual([]);
    expect(kept.size).toBe(0);
  });
});
