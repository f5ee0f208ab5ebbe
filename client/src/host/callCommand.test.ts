import { expect, test } from 'vitest';
import { commandNames, type CommandParts } from '../bridge/remoteCommands.js';
import { openEngine } from '../engine/engine.js';
import { callCommand } from './callCommand.js';
import { ClientHost } from './clientHost.js';
import { DeveloperTools } from './developerTools.js';
import { KeyActions } from './keyActions.js';
import { IdentityDesk } from './identityDesk.js';
import { PluginDesk } from './pluginDesk.js';
import { ServerDesk } from './serverDesk.js';
import { UpdateDesk } from './updateDesk.js';
import { WindowFiles } from './windowFiles.js';

const parts = {
  engine: {
    room: 'none',
    joinRoom(roomId: string) {
      this.room = roomId;
      return Promise.resolve(roomId);
    },
    close: () => Promise.resolve('closed'),
  },
} as unknown as CommandParts;

test('calls a command on its part, and gives its answer', async () => {
  expect(await callCommand(parts, 'engine.joinRoom', ['lobby'])).toBe('lobby');
  expect(parts.engine).toMatchObject({ room: 'lobby' });
});

test.each([
  'engine.close',
  'engine.constructor',
  'engine.__proto__',
  'engine.',
  'constructor.name',
  '__proto__.toString',
  'joinRoom',
  '',
])('refuses "%s", which windows may not call', async (command) => {
  await expect(callCommand(parts, command, [])).rejects.toMatchObject({ code: 'invalidInput' });
});

test('names only commands that are there', async () => {
  const engine = openEngine({
    profileFolder: '/nowhere',
    clientName: 'test',
    timeoutMs: 1,
    reconnectMs: 0,
  });
  const { shell, servers, identities, ...others } = commandNames;
  const {
    developer,
    plugins,
    updates,
    windowFiles,
    windowKeys,
    engine: ofEngine,
    ...groups
  } = others;
  const nothing = (): void => undefined;
  const keysOfWindow = new KeyActions(nothing, nothing).ofWindow({});
  const missing = [
    ...shell.filter((name) => !(name in ClientHost.prototype)),
    ...servers.filter((name) => !(name in ServerDesk.prototype)),
    ...identities.filter((name) => !(name in IdentityDesk.prototype)),
    ...developer.filter((name) => !(name in DeveloperTools.prototype)),
    ...plugins.filter((name) => !(name in PluginDesk.prototype)),
    ...updates.filter((name) => !(name in UpdateDesk.prototype)),
    ...windowFiles.filter((name) => !(name in WindowFiles.prototype)),
    ...windowKeys.filter((name) => !(name in keysOfWindow)),
    ...ofEngine.filter((name) => !(name in engine)),
    ...Object.entries(groups).flatMap(([group, names]) =>
      names.filter((name) => !(name in (Reflect.get(engine, group) as object))),
    ),
  ];
  expect(missing).toEqual([]);
  await engine.close();
});
