import { parentPort } from 'node:worker_threads';
import type { FromRelayWorker } from '../relay/relayMessages.js';

/** A relay that says it is ready and then never looks at another message. */
const ready: FromRelayWorker = { type: 'ready', port: 1 };
parentPort!.postMessage(ready);
for (;;);
