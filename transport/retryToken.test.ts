import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { describe, expect, it } from 'vitest';
import { RetryTokens, retryTokenLifetimeMs } from './retryToken.js';

const address = { host: '198.51.100.7', port: 50_000 };
const originalId = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const retryId = new Uint8Array(16).fill(9);
const issuedAtMs = 1_000_000;

const tokens = new RetryTokens();
const token = tokens.issue(address, originalId, retryId, issuedAtMs);

describe('RetryTokens', () => {
  it('gives back the id that the client began with', () => {
    expect([...tokens.verify(token, address, retryId, issuedAtMs)!]).toEqual([...originalId]);
    const latestMs = issuedAtMs + retryTokenLifetimeMs;
    expect([...tokens.verify(token, address, retryId, latestMs)!]).toEqual([...originalId]);
  });

  it('refuses another time, address, id or key', () => {
    const later = issuedAtMs + retryTokenLifetimeMs + 1;
    expect(tokens.verify(token, address, retryId, later)).toBe(null);
    expect(tokens.verify(token, address, retryId, issuedAtMs - 1)).toBe(null);
    const otherPort = { ...address, port: 50_001 };
    expect(tokens.verify(token, otherPort, retryId, issuedAtMs)).toBe(null);
    const otherHost = { ...address, host: '198.51.100.8' };
    expect(tokens.verify(token, otherHost, retryId, issuedAtMs)).toBe(null);
    expect(tokens.verify(token, address, originalId, issuedAtMs)).toBe(null);
    expect(new RetryTokens().verify(token, address, retryId, issuedAtMs)).toBe(null);
  });

  it('refuses every single changed bit, and every other length', () => {
    for (let bit = 0; bit < token.length * 8; bit++) {
      const forged = token.slice();
      forged[bit >> 3]! ^= 1 << (bit & 7);
      expect(tokens.verify(forged, address, retryId, issuedAtMs), `bit ${bit}`).toBe(null);
    }
    const random = new SeededRandom(1);
    for (let length = 0; length < 200; length++) {
      if (length === token.length) continue;
      const forged = random.bytes(length);
      forged.set(token.subarray(0, length));
      expect(tokens.verify(forged, address, retryId, issuedAtMs), `${length} bytes`).toBe(null);
    }
  });
});
