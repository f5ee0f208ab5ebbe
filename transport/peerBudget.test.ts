import type { Stats } from '@matrixai/quic/native/types.js';
import { describe, expect, it } from 'vitest';
import { OverheadLedger, PeerBudget } from './peerBudget.js';
import { overheadLimits } from './quicLimits.js';

const windowBytes = 100_000;
const floorBytes = overheadLimits.freeBytes + windowBytes;

/** A library that holds everything, or a part, to be the peer's own. */
function makeBudget(authenticBytes: number): PeerBudget {
  const stats = { recvBytes: authenticBytes } as Stats;
  return new PeerBudget({ stats: () => stats }, windowBytes, new OverheadLedger(), 0);
}

describe('PeerBudget', () => {
  it('is exceeded by bytes that carry nothing', () => {
    const budget = makeBudget(floorBytes + 1);
    budget.received(floorBytes);
    expect(budget.isExceeded(0)).toBe(false);
    budget.received(1);
    expect(budget.isExceeded(0)).toBe(true);
  });

  it('holds nothing against the peer that a forger sent', () => {
    const budget = makeBudget(500);
    budget.received(10 * floorBytes);
    expect(budget.isExceeded(0)).toBe(false);
  });

  it('is relieved by what comes out, by what goes out, and by time', () => {
    const excess = 10_000;
    const reliefs: ((budget: PeerBudget) => void)[] = [
      (budget) => budget.delivered(excess / 2),
      (budget) => budget.sent(Math.ceil(excess / overheadLimits.bytesPerSentPacket)),
    ];
    for (const relieve of reliefs) {
      const budget = makeBudget(floorBytes + excess);
      budget.received(floorBytes + excess);
      relieve(budget);
      expect(budget.isExceeded(0)).toBe(false);
    }
    const budget = makeBudget(floorBytes + excess);
    budget.received(floorBytes + excess);
    expect(budget.isExceeded((excess / overheadLimits.bytesPerSecond) * 1000)).toBe(false);
  });

  it('is relieved by time so far and no further', () => {
    const allowedBytes = floorBytes + overheadLimits.bytesOverTimeMax;
    const budget = makeBudget(allowedBytes + 1);
    budget.received(allowedBytes);
    expect(budget.isExceeded(1e12)).toBe(false);
    budget.received(1);
    expect(budget.isExceeded(1e12)).toBe(true);
  });
});

describe('OverheadLedger', () => {
  it('adds up what the peers of all connections have sent, until they are over', () => {
    const ledger = new OverheadLedger();
    const { sharedBytes, sharedBytesPerConnection } = overheadLimits;
    const bytes = sharedBytes / 2 + sharedBytesPerConnection;
    const stats = { recvBytes: bytes } as Stats;
    const budgets = [0, 1].map(() => {
      const budget = new PeerBudget({ stats: () => stats }, sharedBytes, ledger, 0);
      budget.received(bytes);
      budget.isExceeded(0);
      return budget;
    });
    expect(ledger.isExceeded(2)).toBe(false);
    expect(ledger.isExceeded(1)).toBe(true);
    budgets[0]!.release();
    expect(ledger.isExceeded(0)).toBe(false);
  });
});
