import { beforeEach, describe, expect, test } from 'vitest';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { botLimits } from '../botLimits.js';
import { BotDoor, roleOfBots, type BotRule } from './botDoor.js';

let nowMs = 0;
beforeEach(() => {
  nowMs = 1_000;
});

function doorOf(rule: BotRule): BotDoor {
  return new BotDoor({ rule, limits: botLimits, nowMs: () => nowMs });
}

const refused = { reason: AuthFailure.BotsRefused };
const letIn = { proven: null };

describe('a bot without a pass', () => {
  test.each([
    ['allow', '192.0.2.1', 'asEverybody'],
    ['allow', '127.0.0.1', 'asEverybody'],
    ['operators', '127.3.0.1', letIn],
    ['operators', '::1', letIn],
    ['operators', '192.0.2.1', refused],
    ['operators', '1270::1', refused],
    ['operators', null, refused],
    ['refuse', '127.0.0.1', refused],
  ] as const)('where the rule is %s, from %s', (rule, host, outcome) => {
    const decided = doorOf(rule).admit('', host);
    if (typeof outcome === 'string') expect(decided).toBe(outcome);
    else expect(decided).toMatchObject(outcome);
  });
});

describe('a pass', () => {
  test('lets bots in from anywhere until it runs out, and no other does', () => {
    const door = doorOf('operators');
    const { pass } = door.givePass(null, 5_000)!;
    expect(door.admit(pass, '192.0.2.1')).toEqual(letIn);
    expect(door.admit(`${pass}x`, '127.0.0.1')).toMatchObject(refused);
    nowMs += 5_000;
    expect(door.admit(pass, '192.0.2.1')).toMatchObject(refused);
  });

  test('lets nobody in where bots are refused', () => {
    const door = doorOf('refuse');
    const { pass } = door.givePass(null)!;
    expect(door.admit(pass, '127.0.0.1')).toMatchObject(refused);
  });

  test('lifts the limits of its address alone, until it is withdrawn or runs out', () => {
    const door = doorOf('operators');
    expect(door.isTrusted('192.0.2.1')).toBe(false);
    const { pass } = door.givePass('192.0.2.1')!;
    door.givePass('2001:db8::7', 1_000);
    expect(door.isTrusted('192.0.2.1')).toBe(true);
    expect(door.isTrusted('192.0.2.2')).toBe(false);
    expect(door.isTrusted('2001:db8:0:0')).toBe(true);
    nowMs += 1_000;
    expect(door.isTrusted('2001:db8:0:0')).toBe(false);
    door.withdrawPass(pass);
    expect(door.isTrusted('192.0.2.1')).toBe(false);
  });

  test('is one of a bounded number, and good for a bounded time', () => {
    const door = doorOf('operators');
    const passes = Array.from({ length: botLimits.passesMax }, () => door.givePass(null, Infinity));
    expect(passes.at(-1)).toMatchObject({ validMs: botLimits.passMsMax });
    expect(door.givePass(null)).toBeNull();
    nowMs += botLimits.passMsMax;
    expect(door.givePass(null)).not.toBeNull();
  });
});

test('only bots of operators are more than everybody', () => {
  expect(roleOfBots('operators', 'guest')).toBe('member');
  expect(roleOfBots('operators', 'admin')).toBe('admin');
  expect(roleOfBots('allow', 'guest')).toBe('guest');
});
