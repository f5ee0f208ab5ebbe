import { workerData } from 'node:worker_threads';
import { createLogger } from '../log/plainLogger.js';
import { heartbeatTable } from '../tables/heartbeatTable.js';
import { Stillness } from './stillness.js';
import { stuckSignal, type WatchdogSetup } from './watchdog.js';

/** Thread entry of the watchdog: looks at the main thread's heartbeat, and ends the process. */
const { heartbeat, limits, logLevel } = workerData as WatchdogSetup;
const { lookIntervalMs, stuckMsMax } = limits;
const { beats } = heartbeatTable.attach(heartbeat).columns;
const log = createLogger(logLevel);
const stillness = new Stillness(beats.load(0), lookIntervalMs, stuckMsMax);

setInterval(() => {
  if (!stillness.look(beats.load(0))) return;
  log.fatal({ stuckMsMax }, 'the main thread stands still: the process is ended');
  process.kill(process.pid, stuckSignal);
}, lookIntervalMs);
