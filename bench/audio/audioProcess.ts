import { answerRequests } from '../requestChannel.js';
import type { FromAudioProcess, ToAudioProcess, WorkCost } from './audioMessages.js';
import { captureAllocations, captureCosts } from './captureCost.js';
import { captureThreadCost } from './captureThreadCost.js';
import { codecCosts } from './codecCost.js';
import { encodeVoices } from './mixRig.js';
import { playbackThreadCost } from './playbackThreadCost.js';
import { SpeechLoop } from './speechLoop.js';
import { mixCost, playAllocations } from './mixCost.js';

/** Process entry that measures one thing after the other for whoever forked it. */
answerRequests(async (request: ToAudioProcess): Promise<FromAudioProcess> => {
  switch (request.type) {
    case 'codec':
      return { type: 'costs', costs: codecCosts() };
    case 'capture':
      return { type: 'costs', costs: captureCosts() };
    case 'captureThread':
      return { type: 'costs', costs: [await capturing(request.seconds)] };
    case 'playbackThread':
      return { type: 'costs', costs: [await playing(request.speakers, request.seconds)] };
    case 'mix':
      return { type: 'costs', costs: [mixCost(request.speakers, request.network)] };
    case 'playAllocations':
      return { type: 'allocations', report: playAllocations() };
    case 'captureAllocations':
      return { type: 'allocations', report: captureAllocations() };
  }
});

/** By the end of it V8 has compiled what there is to compile. */
const warmUpSteps = 300;
const speechSeconds = 7;

function capturing(seconds: number): Promise<WorkCost> {
  const [near, far] = [1, 2].map((seed) => new SpeechLoop(seed, speechSeconds));
  return captureThreadCost(near!, far!, { warmUpSteps, seconds });
}

function playing(speakers: number, seconds: number): Promise<WorkCost> {
  return playbackThreadCost(encodeVoices(5, 4), speakers, { warmUpSteps, seconds });
}
