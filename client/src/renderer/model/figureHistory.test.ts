import { expect, test } from 'vitest';
import { FigureHistory, historySamples } from './figureHistory.js';
import { figureIds, type Figures } from './figures.js';
import { sparklinePoints } from './sparkline.js';

function figuresWith(cpu: number | null): Figures {
  const unknown = Object.fromEntries(figureIds.map((id) => [id, null])) as Figures;
  return { ...unknown, cpu };
}

test('keeps what a figure was, by time', () => {
  const history = new FigureHistory();
  [10, null, 30].forEach((cpu, at) => history.push(at * 250, figuresWith(cpu)));
  expect([...history.timesSince(250)]).toEqual([250, 500]);
  expect([...history.valuesSince('cpu', 250)]).toEqual([NaN, 30]);
  expect([...history.lastValues('cpu', 10)]).toEqual([10, NaN, 30]);
  expect(history.summarySince('cpu', 0)).toEqual({ now: 30, lowest: 10, highest: 30, mean: 20 });
  const nothing = { now: null, lowest: null, highest: null, mean: null };
  expect(history.summarySince('heap', 0)).toEqual(nothing);
});

test('forgets what is older than it has room for, and all when it is told', () => {
  const history = new FigureHistory();
  for (let at = 0; at < historySamples + 5; at += 1) history.push(at, figuresWith(at));
  expect(history.timesSince(0)).toHaveLength(historySamples);
  expect(history.lastValues('cpu', 1e6)[0]).toBe(5);
  history.clear();
  expect(history.timesSince(0)).toHaveLength(0);
});

test('sparklinePoints draws the newest at the right, and leaves gaps out', () => {
  expect(sparklinePoints([], 3, 1)).toBe('');
  expect(sparklinePoints([0, NaN, 2], 3, 1)).toBe('0.0,15.5 60.0,0.5');
  expect(sparklinePoints([1], 3, 2)).toBe('60.0,8.0');
});
