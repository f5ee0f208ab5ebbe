import { describe, expect, test } from 'vitest';
import { parseManifest, runsOn } from './manifest.js';

const plain = `
name = "dice"
version = "1.0.0"
author = "Ada"
description = "Throws dice"
kind = "server"
sha256 = "${'ab'.repeat(32)}"
permissions = ["sendText", "readMessages"]
events = ["message"]
[settings]
sides = "6"
[[commands]]
name = "dice"
help = "!dice 2d6 throws two dice"
`;

/** The manifest with a line put at its top. */
const withLine = (line: string): (() => unknown) => {
  const [key] = line.split(' ', 1);
  const others = plain.split('\n').filter((other) => !other.startsWith(`${key} =`));
  return () => parseManifest([line, ...others].join('\n'));
};

describe('a manifest', () => {
  test('is read, with what it leaves out', () => {
    const manifest = parseManifest(plain);
    expect(manifest).toMatchObject({ name: 'dice', settings: { sides: '6' }, events: ['message'] });
    expect(manifest.commands).toEqual([{ name: 'dice', help: '!dice 2d6 throws two dice' }]);
    expect([runsOn(manifest, 'server'), runsOn(manifest, 'client')]).toEqual([true, false]);
  });

  test('of a client names what keys can be bound to, with the permission for it', () => {
    const keys = [{ name: 'toggle', title: 'On or off' }];
    const ofClient = plain
      .replace('kind = "server"', 'kind = "client"')
      .replace('"readMessages"]', '"readMessages", "keys"]')
      .replace(/\[\[commands\]\][^]*/, '');
    const key = '[[keys]]\nname = "toggle"\ntitle = "On or off"\n';
    expect(parseManifest(ofClient + key).keys).toEqual(keys);
    expect(() => parseManifest(ofClient)).toThrow(/keys: they and the permission/);
    expect(() => parseManifest(plain + key)).toThrow(/keys: they and the permission/);
    expect(() => parseManifest(ofClient + key + key)).toThrow(/each has a name of its own/);
    expect(() => parseManifest(ofClient + key.replace('toggle', 'a:b'))).toThrow(/small letters/);
    expect(() => parseManifest(ofClient + key.replace('On', 'O\\u202en'))).toThrow(/one line/);
    const nine = Array.from({ length: 9 }, (_, at) => key.replace('toggle', `toggle${at}`));
    expect(() => parseManifest(ofClient + nine.join(''))).toThrow(/keys: .*8/);
  });

  test.each([
    ['name = "../dice"', /name: small letters/],
    ['name = "Dice"', /name: small letters/],
    ['author = "a\\u202eb"', /author: one line/],
    ['kind = "kernel"', /kind/],
    ['permissions = ["files"]', /permissions/],
    ['permissions = ["keys", "readMessages"]', /no meaning for kind "server"/],
    ['permissions = ["sendText"]', /"message" needs the permission "readMessages"/],
    ['events = ["start"]', /comes without asking/],
    ['events = ["key"]', /comes without asking/],
    ['sound = "capture"', /come together/],
    ['sha256 = "abc"', /64 hexadecimal/],
    ['colour = "red"', /colour/],
    ['name = ', /line 1/],
    [`description = "${'x'.repeat(20_000)}"`, /longer than/],
  ])('is refused with %s', (line, why) => {
    expect(withLine(line)).toThrow(expect.objectContaining({ code: 'badManifest' }) as Error);
    expect(withLine(line)).toThrow(why);
  });
});
