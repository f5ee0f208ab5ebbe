import { expect, it } from 'vitest';
import { ThrottleTeller } from './throttleTeller.js';

it('tells what waits and how long, once for each wait of a class', () => {
  const told: unknown[] = [];
  const teller = new ThrottleTeller({ progress: (event, words) => told.push([event, words]) });
  const writes = { messageClass: 'write', untilMs: 2_500 } as const;
  teller.follow({ throttled: null }, 0);
  teller.follow({ throttled: writes }, 1_000);
  teller.follow({ throttled: writes }, 3_000);
  teller.follow({ throttled: { ...writes, untilMs: 2_800 } }, 2_000);
  teller.follow({ throttled: { messageClass: 'join', untilMs: 2_010 } }, 2_000);
  teller.follow({ throttled: { ...writes, untilMs: 4_000 } }, 3_000);
  expect(told).toEqual([
    [
      { event: 'throttled', messageClass: 'write', retryAfterMs: 1_500 },
      'too fast for the server: messages wait 1.5 s',
    ],
    [
      { event: 'throttled', messageClass: 'join', retryAfterMs: 10 },
      'too fast for the server: moves between rooms wait 0.1 s',
    ],
    [
      { event: 'throttled', messageClass: 'write', retryAfterMs: 1_000 },
      'too fast for the server: messages wait 1.0 s',
    ],
  ]);
});
