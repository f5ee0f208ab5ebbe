import {
  listenToDrift,
  type Drift,
  type DriftHeard,
} from '@rookery/client/engine/audio/playback/testing/driftListener';
import { answerRequests } from '../requestChannel.js';

/** What the bench asks of one of its processes. */
export interface ToDriftProcess {
  readonly drift: Drift;
  readonly seconds: number;
}

/** Process entry: in one of its own, because it takes a core for as long as it lasts. */
answerRequests(({ drift, seconds }: ToDriftProcess): Promise<DriftHeard> => {
  return Promise.resolve(listenToDrift(drift, seconds));
});
