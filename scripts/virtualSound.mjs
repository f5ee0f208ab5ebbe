// Runs a command with a sound device of its own, which gives back as a microphone what is played to
// it: node scripts/virtualSound.mjs npx rookery devices
import { VirtualSound } from '../client/dist/src/testing/virtualSound.js';
import { runInForeground } from './processes.mjs';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error('usage: node scripts/virtualSound.mjs COMMAND [ARGUMENT…]');
  process.exit(2);
}
const sound = await VirtualSound.start();
try {
  process.exitCode = await runInForeground(command, args, {
    env: { ...process.env, ...sound.env },
  });
} finally {
  await sound.stop();
}
