import { expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { roomTable } from '../tables/roomTable.js';
import { noRoom } from '../tables/sessionTable.js';
import type { VoiceBudget } from '../tables/voiceBudget.js';
import { SessionBudgets } from './sessionBudgets.js';

const plenty: VoiceBudget = {
  packetsPerSecond: 1_000,
  packetsBurst: 1_000,
  bytesPerSecond: 1e6,
  bytesBurst: 1e6,
};

/** Budgets, their rooms and their clock. */
class BudgetStage {
  readonly #nowMs = new Float64Array(1);
  readonly #rooms = roomTable.allocate(2);
  readonly #budgets: SessionBudgets;

  constructor(budget: Partial<VoiceBudget>) {
    this.setRoom(0, budget);
    const roomless = { ...plenty, ...budget };
    this.#budgets = new SessionBudgets(2, this.#rooms, roomless, this.#nowMs);
  }

  setRoom(room: number, budget: Partial<VoiceBudget>): void {
    const { columns } = this.#rooms;
    const all = { ...plenty, ...budget };
    columns.packetsPerSecond.store(room, all.packetsPerSecond);
    columns.packetsBurst.store(room, all.packetsBurst);
    columns.bytesPerSecond.store(room, all.bytesPerSecond);
    columns.bytesBurst.store(room, all.bytesBurst);
  }

  take(nowMs: number, bytes = 1, slot = 0, room = 0): boolean {
    this.#nowMs[0] = nowMs;
    return this.#budgets.take(slot, room, bytes);
  }

  reset(slot: number, nowMs: number): void {
    this.#nowMs[0] = nowMs;
    this.#budgets.reset(slot);
  }
}

test('give the burst of packets, then what flows in', () => {
  const budgets = new BudgetStage({ packetsPerSecond: 10, packetsBurst: 5 });
  const take = (nowMs: number): boolean => budgets.take(nowMs);
  expect([0, 0, 0, 0, 0, 0].map(take)).toEqual([true, true, true, true, true, false]);
  expect(take(50)).toBe(false);
  expect(take(110)).toBe(true);
  expect(take(110)).toBe(false);
});

test('give the burst of bytes, then what flows in', () => {
  const budgets = new BudgetStage({ bytesPerSecond: 100, bytesBurst: 500 });
  expect(budgets.take(0, 501)).toBe(false);
  expect(budgets.take(0, 300)).toBe(true);
  // What is too long takes nothing, packets neither: the rest is still there.
  expect(budgets.take(0, 201)).toBe(false);
  expect(budgets.take(0, 200)).toBe(true);
  expect(budgets.take(999, 100)).toBe(false);
  expect(budgets.take(1_001, 100)).toBe(true);
});

test('take no bytes for a packet too many', () => {
  const budgets = new BudgetStage({ packetsPerSecond: 1, packetsBurst: 1, bytesBurst: 100 });
  expect(budgets.take(0, 50)).toBe(true);
  for (let i = 0; i < 10; i++) expect(budgets.take(0, 50)).toBe(false);
  expect(budgets.take(1_000, 50)).toBe(true);
});

test('hold no more than the burst', () => {
  const budgets = new BudgetStage({ packetsPerSecond: 10, packetsBurst: 2 });
  expect([1e9, 1e9, 1e9].map((nowMs) => budgets.take(nowMs))).toEqual([true, true, false]);
});

test('are those of the room in which the sender is', () => {
  const budgets = new BudgetStage({ packetsBurst: 3 });
  budgets.setRoom(1, { packetsBurst: 1 });
  expect(budgets.take(0, 1, 0, 0)).toBe(true);
  // Two are left there, of which this room allows one.
  expect(budgets.take(0, 1, 0, 1)).toBe(true);
  expect(budgets.take(0, 1, 0, 1)).toBe(false);
  expect(budgets.take(0, 1, 0, 0)).toBe(false);
  expect(budgets.take(1_000, 1, 0, noRoom)).toBe(true);
});

test('keep slots apart, and are filled again', () => {
  const budgets = new BudgetStage({ packetsPerSecond: 10, packetsBurst: 1 });
  expect(budgets.take(0, 1, 0)).toBe(true);
  expect(budgets.take(0, 1, 1)).toBe(true);
  budgets.reset(1, 0);
  expect(budgets.take(0, 1, 0)).toBe(false);
  expect(budgets.take(0, 1, 1)).toBe(true);
});

test('never give more than burst and flow together', () => {
  const random = new SeededRandom(95);
  const [packetsPerSecond, packetsBurst] = [60, 100];
  const budgets = new BudgetStage({ packetsPerSecond, packetsBurst });
  let nowMs = 0;
  let taken = 0;
  for (let step = 0; step < 50_000; step++) {
    nowMs += random.below(20);
    if (budgets.take(nowMs)) taken++;
    const allowed = packetsBurst + (nowMs / 1_000) * packetsPerSecond;
    expect(taken, 'seed 95').toBeLessThanOrEqual(allowed + 1e-6);
  }
  expect(taken, 'seed 95').toBeGreaterThan((nowMs / 1_000) * packetsPerSecond * 0.99);
});
