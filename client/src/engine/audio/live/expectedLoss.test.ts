import { expect, it } from 'vitest';
import { ExpectedLoss } from './expectedLoss.js';

/** Twenty pings at a time, of which so many are answered. @returns the estimate after each */
function after(loss: ExpectedLoss, ...answered: readonly number[]): number[] {
  let [pingsSent, pongsReceived] = [0, 0];
  return answered.map((each) => {
    pingsSent += 20;
    pongsReceived += each;
    loss.follow({ pingsSent, pongsReceived });
    return loss.pctWith(0);
  });
}

it('expects the usual as long as nothing, or little, gets lost', () => {
  const loss = new ExpectedLoss();
  expect(loss.pctWith(0)).toBe(10);
  loss.follow({ pingsSent: 19, pongsReceived: 0 });
  expect(loss.pctWith(0)).toBe(10);
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
  expect(loss.pctWith(0)).toBe(15);
});

it('believes those who hear it where they miss more than pings, within the same bounds', () => {
  const loss = new ExpectedLoss();
  expect([4, 18, 100].map((pct) => loss.pctWith(pct))).toEqual([10, 20, 30]);
  after(loss, 12);
  expect([0, 18, 26].map((pct) => loss.pctWith(pct))).toEqual([25, 25, 25]);
  expect(loss.pctWith(28)).toBe(30);
});

it('tells what was measured as it is, nothing among it', () => {
  const loss = new ExpectedLoss();
  expect([0, 4, 45.4].map((pct) => loss.measuredPctWith(pct))).toEqual([0, 4, 45]);
  after(loss, 10);
  expect([0, 45].map((pct) => loss.measuredPctWith(pct))).toEqual([29, 45]);
});
