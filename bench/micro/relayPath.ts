import type { FigureBench } from '../bench.js';
import { RequestChild } from '../requestChannel.js';
import type { FromRelayPathProcess, ToRelayPathProcess } from './relayPathMessages.js';

const receiverGrid = [1, 16, 128, 1_024];

const entry = new URL('./relayPathProcess.js', import.meta.url);

/** What each step of a packet's way through the relay costs, the kernel left out. */
export const relayPathBench: FigureBench = {
  name: 'relay-path',
  summary: 'packet check, route, send array and bundle of the relay, step by step',
  run: async () => {
    // A process of its own, because the suite writes on stdout, and for a heap that is its alone.
    const child = new RequestChild<ToRelayPathProcess, FromRelayPathProcess>('micro bench', entry);
    try {
      return [...(await child.ask({ receivers: receiverGrid }))];
    } finally {
      await child.end();
    }
  },
};
