// Starts the server of a checkout with `npm start`, waits for its block, and stops it:
// node scripts/smokeStart.mjs CHECKOUT DATA-DIRECTORY. Exit code 0 when all of it went well.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const [checkout, dataDirectory] = process.argv.slice(2);
/** Enough to install and compile on a slow machine; a server that never comes must not hang. */
const startMsMax = 300_000;

const freePorts = ['--port', '0', '--voice-port', '0', '--admin-port', '0'];
const server = spawn(
  'npm',
  ['start', '--', '--host', '127.0.0.1', ...freePorts, '--data', dataDirectory],
  { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] },
);
const exited = once(server, 'exit');
const deadline = setTimeout(() => server.kill('SIGTERM'), startMsMax);

let stopping = false;
for await (const line of createInterface({ input: server.stdout })) {
  console.log(line);
  // The block of a ready server ends with how to stop it.
  if (!stopping && /Stop +Ctrl-C/.test(line)) {
    stopping = true;
    server.kill('SIGTERM');
  }
}
const [code, signal] = await exited;
clearTimeout(deadline);
console.log(`npm start ended with ${signal ?? code}`);
process.exitCode = stopping && code === 0 ? 0 : 1;
