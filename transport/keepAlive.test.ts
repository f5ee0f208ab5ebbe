import { describe, expect, it } from 'vitest';
import { KeepAlive } from './keepAlive.js';
import { endpointLimits } from './quicLimits.js';

const { pathDoubtMs, pathDoubtPingMs } = endpointLimits;

describe('a keep-alive', () => {
  it('is due for a client after its interval of silence', () => {
    const keepAlive = new KeepAlive('client', 15_000, 1_000);
    expect(keepAlive.dueAtMs()).toBe(16_000);
    keepAlive.heard(5_000);
    expect(keepAlive.dueAtMs()).toBe(20_000);
    keepAlive.sent(20_000);
    expect(keepAlive.dueAtMs()).toBe(35_000);
  });

  it('is never due for a server whose peer stays where it is', () => {
    const keepAlive = new KeepAlive('server', 15_000, 1_000);
    expect(keepAlive.dueAtMs()).toBe(Infinity);
    keepAlive.heard(5_000);
    expect(keepAlive.dueAtMs()).toBe(Infinity);
  });

  it('is due often for a server whose peer is heard from elsewhere, for a while', () => {
    const keepAlive = new KeepAlive('server', 15_000, 0);
    keepAlive.heard(100_000);
    keepAlive.heardFromElsewhere(100_000);
    let pings = 0;
    while (keepAlive.dueAtMs() < Infinity) {
      expect(keepAlive.dueAtMs()).toBe(100_000 + ++pings * pathDoubtPingMs);
      keepAlive.sent(keepAlive.dueAtMs());
    }
    expect(pings).toBe(pathDoubtMs / pathDoubtPingMs - 1);
  });

  it.each(['client', 'server'] as const)('is never due for a %s that sends none', (role) => {
    const keepAlive = new KeepAlive(role, 0, 0);
    keepAlive.heardFromElsewhere(0);
    expect(keepAlive.dueAtMs()).toBe(Infinity);
  });
});
