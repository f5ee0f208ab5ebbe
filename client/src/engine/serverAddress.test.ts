import { describe, expect, it } from 'vitest';
import { formatServerAddress, parseServerAddress } from './serverAddress.js';

describe('parseServerAddress', () => {
  it.each([
    ['example.org', 'example.org', 4640],
    ['Example.ORG:5000', 'example.org', 5000],
    ['127.0.0.1', '127.0.0.1', 4640],
    ['127.0.0.1:1', '127.0.0.1', 1],
    ['[::1]', '::1', 4640],
    ['[::1]:65535', '::1', 65_535],
    ['[2001:DB8:0:0:0:0:0:1]:4640', '2001:db8::1', 4640],
    ['[::ffff:127.0.0.1]:4640', '127.0.0.1', 4640],
    ['[::ffff:c0a8:1]', '192.168.0.1', 4640],
    ['bücher.example:4640', 'xn--bcher-kva.example', 4640],
    ['  localhost ', 'localhost', 4640],
  ])('reads %s', (text, host, port) => {
    expect(parseServerAddress(text)).toEqual({ host, port });
  });

  it.each([
    ['', 'host is missing'],
    [':4640', 'host is missing'],
    ['a b', 'host is missing'],
    ['host:', 'port must be'],
    ['host:0', 'port must be'],
    ['host:65536', 'port must be'],
    ['host:12x', 'port must be'],
    ['host:-1', 'port must be'],
    ['::1', 'stands in brackets, like [::1]'],
    ['a:b:c', 'port must be'],
    ['[::1', 'write HOST'],
    ['[localhost]', 'no IPv6 address'],
    ['[fe80::1%eth0]', 'no IPv6 address'],
    ['[]:4640', 'no IPv6 address'],
  ])('refuses %j, saying why', (text, reason) => {
    const failure = expect(() => parseServerAddress(text));
    failure.toThrow(expect.objectContaining({ code: 'invalidAddress' }));
    failure.toThrow(reason);
  });

  it('writes an address so that it reads back the same', () => {
    for (const text of ['example.org:4640', '[2001:db8::1]:5000', '10.0.0.1:80']) {
      expect(formatServerAddress(parseServerAddress(text))).toBe(text);
    }
  });
});
