import { describe, expect, it } from 'vitest';
import { checkQuicLimits, defaultQuicLimits } from './quicLimits.js';
import type { QuicLimits } from './quicTypes.js';

describe('checkQuicLimits', () => {
  it('accepts the defaults', () => {
    expect(() => checkQuicLimits(defaultQuicLimits)).not.toThrow();
  });

  it.each<[string, Partial<QuicLimits>]>([
    ['a negative number', { connectionsMax: -1 }],
    ['a fraction', { idleTimeoutMs: 0.5 }],
    ['no number', { keepAliveMs: Number.NaN }],
    ['keep-alives that come too late', { keepAliveMs: 30_000 }],
    ['a stream window above the connection window', { connectionWindowBytes: 1 }],
    ['a stream buffer above the connection buffer', { connectionSendBytesMax: 1 }],
  ])('refuses %s', (_name, limits) => {
    expect(() => checkQuicLimits({ ...defaultQuicLimits, ...limits })).toThrow(
      expect.objectContaining({ code: 'invalidLimits' }) as Error,
    );
  });
});
