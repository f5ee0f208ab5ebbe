import { describe, expect, it } from 'vitest';
import { defaultQuicLimits } from './quicLimits.js';
import { SourceLimits, sourceKey } from './sourceLimits.js';

const limits = { ...defaultQuicLimits, connectionsPerAddressMax: 4, handshakesPerAddressMax: 2 };

describe('SourceLimits', () => {
  it('bounds handshakes and connections of each source by itself', () => {
    const sources = new SourceLimits(limits);
    expect(sources.admit('a', 0)).toBe(null);
    expect(sources.admit('a', 0)).toBe(null);
    expect(sources.admit('a', 0)).toBe('handshakeLimit');
    expect(sources.admit('b', 0)).toBe(null);
    sources.handshakeEnded('a');
    sources.handshakeEnded('a');
    expect(sources.admit('a', 0)).toBe(null);
    expect(sources.admit('a', 0)).toBe(null);
    expect(sources.admit('a', 0)).toBe('addressLimit');
  });

  it('bounds no source that is trusted, for as long as it is', () => {
    const trusted = new Set(['a']);
    const sources = new SourceLimits(limits, (key) => trusted.has(key));
    for (let count = 0; count < 10; count++) expect(sources.admit('a', 0)).toBe(null);
    trusted.clear();
    expect(sources.admit('a', 0)).toBe('addressLimit');
  });

  it('bounds how often a source begins anew', () => {
    const sources = new SourceLimits(limits);
    const connectOnce = (nowMs: number): boolean => {
      if (sources.admit('a', nowMs) !== null) return false;
      sources.handshakeEnded('a');
      sources.connectionEnded('a');
      return true;
    };
    const atOnce = Array.from({ length: 100 }, () => connectOnce(0)).filter(Boolean);
    expect(atOnce).toHaveLength(limits.connectionsPerAddressMax);
    expect(connectOnce(500)).toBe(true);
    expect(connectOnce(500)).toBe(false);
  });

  it('forgets a source once nothing is known against it', () => {
    const sources = new SourceLimits(limits);
    sources.admit('a', 0);
    sources.sweep(100_000);
    expect(sources.size).toBe(1);
    sources.connectionEnded('a');
    sources.sweep(100_000);
    expect(sources.size).toBe(0);
  });
});

describe('sourceKey', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:0db8:0001:0002::ffff', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
  ])('counts %s under %s', (host, key) => {
    expect(sourceKey(host)).toBe(key);
  });
});
