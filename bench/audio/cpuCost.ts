import { median } from '../statistics.js';
import type { WorkCost } from './audioMessages.js';

const repetitions = 7;
const warmUps = 2;

/**
 * Measures by CPU time of this process, so that it may be taken from the processor meanwhile. Its
 * other threads count: they compile and collect for this one.
 *
 * @param run what is done `runs` times in each of several repetitions, of which the median is told
 * @param runMs how much of real time one run stands for
 */
export function measureCost(name: string, run: () => void, runs: number, runMs: number): WorkCost {
  const repeat = (): number => {
    const before = process.cpuUsage();
    for (let i = 0; i < runs; i++) run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / runs;
  };
  for (let i = 0; i < warmUps; i++) repeat();
  const us = median(Array.from({ length: repetitions }, repeat));
  return { name, us, percent: us / (10 * runMs) };
}
