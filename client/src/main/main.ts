// Entry of Electron's main process. What can be said without Electron stands in files of its own.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, Menu } from 'electron';
import { defaultProfileFolder } from '../engine/profileFolder.js';
import { optionsAmong } from './programArguments.js';
import { announcePageScheme } from './pageSession.js';
import { ElectronShell } from './electronShell.js';

const surroundings = { platform: process.platform, env: process.env, homeFolder: homedir() };
const options = optionsAmong(process.argv);
const profileFolder = options.profile ?? defaultProfileFolder(surroundings);

// What Chromium keeps stands with the profile, so each profile is one program.
app.setPath('userData', join(profileFolder, 'electron'));
announcePageScheme();
if (app.requestSingleInstanceLock()) {
  Menu.setApplicationMenu(null);
  void app.whenReady().then(() => new ElectronShell(profileFolder, options).start());
} else {
  // The one that runs is shown, and is told what this one was started with.
  app.quit();
}
