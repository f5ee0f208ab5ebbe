import { voiceLimits } from '@rookery/server/limits';
import type { BenchFigure } from '../bench.js';
import { judgeFloods } from '../faults/faultReport.js';
import { medianOf } from '../statistics.js';
import { atLeast, atMost, type Verdict } from '../verdicts.js';
import { figuresOf, ratioToFloor } from './relayComparison.js';
import type { GridEntry, GridResult } from './relayGrid.js';
import { count, milliseconds, percent } from './relayReport.js';

/** What the relay is to reach; ratios are of frames per CPU second to the C floor's. */
export const relayTargets = {
  oneSpeakerRatio: 0.9,
  tenSpeakersRatio: 2.5,
  manyRoomsRatio: 0.8,
  thousandDelayP99UsMax: 5_000,
  halfLoadDelayP99UsAboveFloorMax: 2_000,
  twoWorkersCapacityRatio: 1.7,
  routeCostRatioMax: 1.2,
  controlPlaneRatio: 0.5,
} as const;

/**
 * Holds the grid against the targets.
 *
 * @param bundleWindowMs that the server was started with; null: its own
 */
export function judgeGrid(grid: GridResult, bundleWindowMs: number | null): Verdict[] {
  const { oneSpeakerRatio, tenSpeakersRatio, manyRoomsRatio } = relayTargets;
  return [
    judgeRatio(grid.oneSpeaker, oneSpeakerRatio),
    judgeRatio(grid.tenSpeakers, tenSpeakersRatio),
    judgeRatio(grid.manyRooms, manyRoomsRatio),
    judgeThousand(grid.thousand),
    judgeHalfLoad(grid, bundleWindowMs ?? voiceLimits.bundleWindowMs),
    judgeTwoWorkers(grid),
    judgeRouteCost(grid),
    ...judgeControlPlane(grid.controlPlane),
    ...judgeFloods(grid.floods),
  ];
}

function judgeRatio({ name, comparison }: GridEntry, bound: number): Verdict {
  const ratio = ratioToFloor(comparison);
  return {
    load: name,
    target: `≥ ${bound.toFixed(2)} of the C floor`,
    figure: ratio === null ? 'no C compiler' : ratio.toFixed(2),
    isMet: atLeast(ratio, bound),
  };
}

function judgeThousand({ name, comparison }: GridEntry): Verdict {
  const { loss, delayP99Us } = figuresOf(comparison.server);
  const boundUs = relayTargets.thousandDelayP99UsMax;
  return {
    load: name,
    target: `loss 0, p99 delay below ${milliseconds(boundUs)}`,
    figure: `loss ${percent(loss)}, p99 ${milliseconds(delayP99Us)}`,
    isMet: loss === 0 && delayP99Us < boundUs,
  };
}

/** The server bundles and carries more than the floor: each is held at half of its own. */
function judgeHalfLoad({ halfLoad }: GridResult, windowMs: number): Verdict {
  const { serverCapacity, floorCapacity, server, floor } = halfLoad;
  const boundUs = relayTargets.halfLoadDelayP99UsAboveFloorMax;
  const common = {
    load: 'half of the capacity, 500 receivers',
    target: `p99 delay ≤ ${milliseconds(boundUs)} above the floor's, window excluded`,
  };
  if (floorCapacity === null) return { ...common, figure: 'no C compiler', isMet: null };
  const serverUs = medianOf(server, ({ delayP99Us }) => delayP99Us);
  const floorUs = medianOf(floor, ({ delayP99Us }) => delayP99Us);
  const aboveUs = serverUs - windowMs * 1_000 - floorUs;
  const ours = capacityText(serverCapacity);
  const capacities = `${ours} (floor ${capacityText(floorCapacity)}) frames/s`;
  return {
    ...common,
    figure:
      `${milliseconds(serverUs)} − ${windowMs} ms window, floor ${milliseconds(floorUs)}; ` +
      `capacity ${capacities}`,
    isMet: atMost(aboveUs, boundUs),
  };
}

function capacityText({ framesPerSecond, boundedBy }: GridResult['halfLoad']['serverCapacity']) {
  return `${boundedBy === 'loss' ? '' : '≥ '}${count(framesPerSecond)}`;
}

/**
 * On a machine that also runs the generator, two workers never have two cores. So the capacity is
 * what would be delivered with a core for the busiest thread: frames per CPU second of that thread.
 */
function judgeTwoWorkers({ oneWorker, twoWorkers }: GridResult): Verdict {
  const one = figuresOf(oneWorker.comparison.server).framesPerBusiestThreadSecond;
  const two = figuresOf(twoWorkers.comparison.server).framesPerBusiestThreadSecond;
  const bound = relayTargets.twoWorkersCapacityRatio;
  return {
    load: '2 workers against 1, 100 rooms of 10',
    target: `capacity ≥ ${bound.toFixed(1)} ×`,
    figure: `${(two / one).toFixed(2)} × by the busiest thread`,
    isMet: atLeast(two / one, bound),
  };
}

function judgeRouteCost({ routeCost }: GridResult): Verdict {
  const bound = relayTargets.routeCostRatioMax;
  return {
    load: '10,000 sessions, 1,000 rooms in the tables',
    target: `cost per packet within ${bound.toFixed(1)} × of 100 sessions`,
    figure:
      `${routeCost.fullToSmall.toFixed(2)} × (${routeCost.fullNsPerPacket.toFixed(0)} against ` +
      `${routeCost.smallNsPerPacket.toFixed(0)} ns)`,
    isMet: atMost(routeCost.fullToSmall, bound),
  };
}

function judgeControlPlane(figures: readonly BenchFigure[]): Verdict[] {
  const bound = relayTargets.controlPlaneRatio;
  const target = `≥ ${bound.toFixed(2)} of the bare binding`;
  // A row that is missing is no row that is met.
  if (figures.length === 0) {
    return [{ load: 'control plane', target, figure: 'none', isMet: null }];
  }
  return figures.map(({ name, value, unit, ratio }) => ({
    load: `control plane: ${name}`,
    target,
    figure: ratio === undefined ? 'no ratio' : `${ratio.toFixed(2)} (${count(value)} ${unit})`,
    isMet: atLeast(ratio ?? null, bound),
  }));
}
