import { expect, it } from 'vitest';
import { WorkSlots } from './workSlots.js';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function openWork() {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let turn = 0;
  const work = (given: number): Promise<number> => {
    turn = given;
    return ended.then(() => given);
  };
  return { work, end, turn: () => turn };
}

it('lets so much be under way, and what waits come in its order', async () => {
  const slots = new WorkSlots(2);
  const all = [openWork(), openWork(), openWork(), openWork()];
  const results = all.map(({ work }) => slots.use(never, work));
  await Promise.resolve();
  expect(all.map(({ turn }) => turn())).toEqual([1, 2, 0, 0]);
  all[1]!.end();
  await results[1];
  await expect.poll(() => all.map(({ turn }) => turn())).toEqual([1, 2, 3, 0]);
  for (const { end } of all) end();
  expect(await Promise.all(results)).toEqual([1, 2, 3, 4]);
});

it('gives the place of work that fails to the next', async () => {
  const slots = new WorkSlots(1);
  const failed = slots.use(never, () => Promise.reject(new Error('no luck')));
  const next = slots.use(never, () => Promise.resolve('luck'));
  await expect(failed).rejects.toThrow('no luck');
  expect(await next).toBe('luck');
});

it('forgets what is given up while it waits', async () => {
  const slots = new WorkSlots(1);
  const first = openWork();
  const abort = new AbortController();
  const running = slots.use(never, first.work);
  const waiting = slots.use(abort.signal, () => Promise.resolve('never'));
  const last = slots.use(never, () => Promise.resolve('last'));
  abort.abort(new Error('given up'));
  await expect(waiting).rejects.toThrow('given up');
  await expect(slots.use(abort.signal, () => Promise.resolve(1))).rejects.toThrow('given up');
  first.end();
  await running;
  expect(await last).toBe('last');
});
