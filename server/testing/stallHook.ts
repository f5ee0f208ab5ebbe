import { writeSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Loaded before a program (`node --import`), for tests alone: its main thread does nothing else for
 * a while when it gets SIGUSR2, each time for as long as the next of `STALLS_MS` says. It tells its
 * process id, and when it makes a thread, stalls and goes on, by lines on stderr.
 */
const stallsMs = (process.env['STALLS_MS'] ?? '').split(',').map(Number);

function tell(what: string): void {
  writeSync(2, `${what} ${basename(process.argv[1] ?? '')} ${process.pid}\n`);
}

process.on('SIGUSR2', () => {
  tell('stalls');
  const endMs = performance.now() + (stallsMs.shift() ?? 0);
  while (performance.now() < endMs);
  tell('goes on');
});
process.on('worker', () => tell('has a thread'));
tell('loaded');
