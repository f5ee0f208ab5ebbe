#!/usr/bin/env node
// Composition root of the command line: `server` runs the server, some commands work on its data,
// all else is the client's. Server and client never import each other.
import { fileURLToPath } from 'node:url';

const [command, ...args] = process.argv.slice(2);
const dataCommands = ['backup', 'restore', 'check', 'try-migration', 'owner-token', 'config'];
const output = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
};

if (command === 'server') {
  const { superviseServer } = await load('@rookery/server/supervisor/supervisor');
  process.exit(await superviseServer(args));
} else if (dataCommands.includes(command)) {
  const { runDataCommand } = await load('@rookery/server/dataCommands');
  process.exitCode = await runDataCommand([command, ...args], process.env, output);
} else if (command === 'certificate') {
  const { runCertificateCommand } = await load('@rookery/server/certificate/certificateCommand');
  process.exitCode = await runCertificateCommand(args, process.env, output);
} else if (command === 'doctor') {
  const { runDoctorCommand } = await load('@rookery/server/doctor/doctorCommand');
  process.exitCode = await runDoctorCommand(args, process.env, output);
} else if (command === 'update') {
  const { runUpdateCommand } = await load('@rookery/server/update/updateCommand');
  process.exitCode = await runUpdateCommand(args, process.env, output);
} else {
  const { runCli } = await load('@rookery/client/cli/main');
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
