#!/usr/bin/env node
// Composition root of the command line: `server` runs the server, all else is the client's. The two
// never import each other.
import { fileURLToPath } from 'node:url';

const [command, ...args] = process.argv.slice(2);

if (command === 'server') {
  const { superviseServer } = await load('../server/dist/supervisor/supervisor.js');
  process.exit(await superviseServer(args));
} else {
  const { runCli } = await load('../client/dist/src/cli/main.js');
  process.exitCode = await runCli(process.argv.slice(2));
}

async function load(path) {
  try {
    return await import(path);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const root = fileURLToPath(new URL('..', import.meta.url));
    console.error(`rookery: not built yet; run this first: npm --prefix ${root} run build`);
    process.exit(1);
  }
}
