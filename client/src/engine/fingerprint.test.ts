import { describe, expect, it } from 'vitest';
import { parseFingerprint } from './fingerprint.js';

const colons = 'AA:'.repeat(31) + 'AA';

describe('parseFingerprint', () => {
  it('takes every usual spelling', () => {
    expect(parseFingerprint('AA:'.repeat(31) + 'aa')).toBe(colons);
    expect(parseFingerprint('aa '.repeat(32))).toBe(colons);
  });

  it.each(['', 'aa', 'zz'.repeat(32), 'aa'.repeat(33)])('refuses %j', (text) => {
    expect(() => parseFingerprint(text)).toThrow('64 hexadecimal digits');
  });
});
