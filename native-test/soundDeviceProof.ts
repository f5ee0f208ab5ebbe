import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expectEqual, type Finding, type Proof } from './proof.js';

/** PortAudio: the sound devices of this machine, where it has any. */
export const soundDeviceProof: Proof = { part: 'PortAudio', prove: proveSoundDevices };

/** What the child process prints. */
type Answer = { readonly devices: readonly string[] } | { readonly unavailable: string };

async function proveSoundDevices(): Promise<Finding> {
  const entry = fileURLToPath(new URL('./soundDeviceList.js', import.meta.url));
  // ALSA itself writes to stderr about every device that it does not find.
  const child = spawn(process.execPath, [entry], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  const printed = await text(child.stdout);
  const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  expectEqual('end of the process that lists devices', signal ?? code, 0);
  return findingOf(JSON.parse(printed) as Answer);
}

/** Judges what PortAudio answered. */
export function findingOf(answer: Answer): Finding {
  if ('unavailable' in answer) return { outcome: 'skipped', reason: answer.unavailable };
  const { devices } = answer;
  if (devices.length === 0)
    return { outcome: 'skipped', reason: 'no sound device on this machine' };
  return { outcome: 'proved', what: 'lists the devices', figure: `${devices.length} devices` };
}
