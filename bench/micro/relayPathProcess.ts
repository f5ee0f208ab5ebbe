import benny from 'benny';
import type { BenchFigure } from '../bench.js';
import { answerRequests } from '../requestChannel.js';
import { median } from '../statistics.js';
import type { FromRelayPathProcess, ToRelayPathProcess } from './relayPathMessages.js';
import { relayPathSteps } from './relayPathSteps.js';

/** Samples short enough that a hundred, which a 99th percentile needs, take a second or two. */
const caseOptions = { minTime: 0.005, minSamples: 100, maxTime: 1 };

/** Process entry that measures the steps once for whoever forked it. */
answerRequests(async (request: ToRelayPathProcess): Promise<FromRelayPathProcess> => {
  const steps = relayPathSteps(request.receivers);
  const cases = steps.map(({ name, run }) => benny.add(name, () => run));
  const configured = benny.configure({ cases: caseOptions });
  const { results } = await benny.suite('relay path', configured, ...cases);
  return results.flatMap(({ name, details }) => figuresOf(name, details.sampleResults));
});

/** @param samplesSeconds seconds of one call each */
function figuresOf(name: string, samplesSeconds: readonly number[]): BenchFigure[] {
  const ns = samplesSeconds.map((seconds) => seconds * 1e9).sort((a, b) => a - b);
  const slowest = ns[Math.ceil(0.99 * ns.length) - 1]!;
  return [
    { name, unit: 'ns, p50', value: median(ns) },
    { name, unit: 'ns, p99', value: slowest },
  ];
}
