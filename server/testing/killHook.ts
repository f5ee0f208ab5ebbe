import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded before a program (`node --import`), for tests alone: the process is killed, as by a power
 * cut, just before it renames something for the time that `KILL_AT` says, from 1 on.
 */
const killAt = Number(process.env['KILL_AT']);
const { renameSync } = fs;
const done = { renames: 0 };

fs.renameSync = (from, to) => {
  done.renames += 1;
  if (done.renames === killAt) process.kill(process.pid, 'SIGKILL');
  renameSync(from, to);
};
syncBuiltinESMExports();
