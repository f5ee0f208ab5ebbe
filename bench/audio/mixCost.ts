import { settledAllocations } from '@rookery/client/engine/audio/testing/allocatedBytes';
import type { AllocationReport, MixNetwork, WorkCost } from './audioMessages.js';
import { measureCost } from './cpuCost.js';
import { encodeVoices, MixRig } from './mixRig.js';

/** Enough voices that no two who speak at once say the same. */
const [voiceCount, voiceSeconds] = [5, 4];
const stepsPerRepetition = 200;
const stepMs = 10;

/** What `speakers` cost who all speak all the time, in 10 ms, from packets to a device's ring. */
export function mixCost(speakers: number, network: MixNetwork): WorkCost {
  const rig = new MixRig(encodeVoices(voiceCount, voiceSeconds), speakers, network);
  const name = `decode and mix ${speakers}, ${network} network`;
  const cost = measureCost(name, () => rig.step(), stepsPerRepetition, stepMs);
  rig.free();
  return cost;
}

/** What 10 ms of two speakers on a rough network allocate, from packets to a device's ring. */
export function playAllocations(): AllocationReport {
  const rig = new MixRig(encodeVoices(2, voiceSeconds), 2, 'rough');
  const report = settledAllocations(() => rig.step());
  rig.free();
  return report;
}
