import { expect, it } from 'vitest';
import { ExpectedLoss } from './expectedLoss.js';

/** Twenty pings at a time, of which so many are answered. @returns the estimate after each */
function after(loss: ExpectedLoss, ...answered: readonly number[]): number[] {
  let [pingsSent, pongsReceived] = [0, 0];
  return answered.map((each) => {
    pingsSent += 20;
    pongsReceived += each;
    loss.follow({ pingsSent, pongsReceived });
    return loss.pct;
  });
}

it('expects the usual as long as nothing, or little, gets lost', () => {
  const loss = new ExpectedLoss();
  expect(loss.pct).toBe(10);
  loss.follow({ pingsSent: 19, pongsReceived: 0 });
  expect(loss.pct).toBe(10);
  expect(after(new ExpectedLoss(), 20, 19, 20)).toEqual([10, 10, 10]);
});

it('expects more where pings get lost, half of it on the way there, and forgets it again', () => {
  // 1 − √(10 / 20) is 29 %.
  expect(after(new ExpectedLoss(), 10, 10, 20, 20)).toEqual([30, 30, 15, 10]);
});

it('never has more spent on FEC than helps', () => {
  expect(after(new ExpectedLoss(), 0, 0)).toEqual([30, 30]);
});

it('takes more answers than pings, and another connection, for what they are', () => {
  const loss = new ExpectedLoss();
  expect(after(loss, 21)).toEqual([10]);
  loss.follow({ pingsSent: 2, pongsReceived: 2 });
  loss.follow({ pingsSent: 20, pongsReceived: 10 });
  expect(loss.pct).toBe(15);
});
