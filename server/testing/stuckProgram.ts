import { startWatchdog } from '../watchdog/watchdog.js';

/** A process that is watched with little patience, and stands still when it is told to. */
const watchdog = startWatchdog({
  limits: { heartbeatMs: 20, lookIntervalMs: 100, stuckMsMax: 1_000 },
  logLevel: 'info',
  onFault: (error) => {
    throw error;
  },
});
const lively = setTimeout(() => void watchdog.close(), 3_000);
if (process.argv[2] === 'stuck') {
  clearTimeout(lively);
  for (;;);
}
