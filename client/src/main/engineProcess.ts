// The engine's process under Electron: network, sound and state, apart from every window.
import { homedir } from 'node:os';
import { openClient } from '../host/openClient.js';
import { optionsAmong } from './programArguments.js';
import { serveShell, type ParentPort } from './engineService.js';

/** Set by Electron in its utility processes. */
const { parentPort } = process as unknown as { readonly parentPort: ParentPort };
const { profile: profileFolder, updateUrl: url, updateKey: key } = optionsAmong(process.argv);
const surroundings = { platform: process.platform, env: process.env, homeFolder: homedir() };

void serveShell({
  parent: parentPort,
  open: (options) =>
    openClient({ surroundings, profileFolder, updatesFrom: { url, key }, ...options }),
  exit: (code) => process.exit(code),
});
