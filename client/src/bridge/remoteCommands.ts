import type { Engine } from '../engine/engine.js';
import type { ShellCommands } from '../host/shellCommands.js';
import type { IdentityDesk } from '../host/identityDesk.js';
import type { PluginDesk } from '../host/pluginDesk.js';
import type { ServerDesk } from '../host/serverDesk.js';
import type { UpdateDesk } from '../host/updateDesk.js';
import type { DeveloperTools } from '../host/developerTools.js';
import type { WindowKeys } from '../host/keyActions.js';
import type { WindowFiles } from '../host/windowFiles.js';

/** What faces may call of each part of the engine. What is not named here is not to be reached. */
export const commandNames = {
  engine: [
    'joinRoom',
    'leaveRoom',
    'createRoom',
    'renameRoom',
    'deleteRoom',
    'setRoomVoice',
    'moveRoom',
    'editRoom',
    'linkRooms',
    'unlinkRooms',
    'listenTo',
    'watchRooms',
    'sendMessage',
    'setPresence',
    'typing',
    'stopTyping',
    'setSelfState',
  ],
  outgoing: ['retry', 'discard'],
  text: [
    'show',
    'showAround',
    'showEarlier',
    'showLater',
    'pins',
    'edit',
    'delete',
    'react',
    'unreact',
    'pin',
    'unpin',
  ],
  talks: [
    'findUsers',
    'open',
    'create',
    'rename',
    'add',
    'leave',
    'call',
    'answer',
    'decline',
    'hangUp',
  ],
  reading: ['search', 'markRead', 'markAllRead', 'refresh', 'look'],
  moderation: [
    'kick',
    'ban',
    'unban',
    'readBans',
    'moderate',
    'move',
    'setMessageOfTheDay',
    'report',
    'readReports',
    'resolveReport',
    'removeFile',
    'readAudit',
  ],
  accounts: [
    'read',
    'setName',
    'setPassword',
    'resetPassword',
    'inviteByLink',
    'invites',
    'withdrawInvite',
    'redeem',
    'requests',
    'register',
    'deny',
    'setRegistration',
  ],
  access: [
    'setRole',
    'setGrants',
    'putGroup',
    'removeGroup',
    'setRules',
    'enterPassword',
    'readRules',
    'readGroups',
    'readRoles',
    'explain',
  ],
  files: ['info'],
  windowFiles: [
    'beginUpload',
    'nextPiece',
    'openDownload',
    'readDownload',
    'closeDownload',
    'cancelTransfer',
  ],
  windowKeys: ['writing'],
  sound: [
    'setMode',
    'setMuted',
    'setDeafened',
    'setKey',
    'chooseInput',
    'chooseOutput',
    'configure',
    'setVolume',
    'setUserMuted',
    'soundOf',
    'hearYourself',
    'playTone',
  ],
  servers: ['readCard', 'known', 'forgetKnown', 'forgetRecent'],
  identities: [
    'list',
    'first',
    'create',
    'rename',
    'remove',
    'chooseDefault',
    'chooseForServer',
    'exportText',
    'importText',
    'changePassphrase',
  ],
  plugins: ['install', 'approve', 'setEnabled', 'remove', 'report', 'panelAction', 'dismissEnds'],
  updates: ['look', 'skip', 'later'],
  shell: [
    'connect',
    'disconnect',
    'addBookmark',
    'changeBookmark',
    'removeBookmark',
    'moveBookmark',
    'changeSettings',
    'answerPrompt',
    'keepPassword',
    'forgetPassword',
    'keyAction',
    'openLink',
    'takeLink',
    'beginWhisper',
    'endWhisper',
    'forgetMissedCall',
    'dismissSettingsFaults',
  ],
  developer: [
    'watchDiagnostics',
    'watchLog',
    'setChaos',
    'startDump',
    'stopDump',
    'startRecording',
    'stopRecording',
    'platform',
    'readLog',
    'pinState',
    'hashPinned',
  ],
} as const;

/** What carries out the commands of each group. */
export interface CommandParts extends Pick<
  Engine,
  | 'outgoing'
  | 'text'
  | 'talks'
  | 'reading'
  | 'moderation'
  | 'accounts'
  | 'access'
  | 'files'
  | 'sound'
> {
  readonly engine: Engine;
  readonly shell: ShellCommands;
  readonly servers: ServerDesk;
  readonly identities: IdentityDesk;
  readonly plugins: PluginDesk;
  readonly updates: UpdateDesk;
  /** Of the window that calls. */
  readonly developer: DeveloperTools;
  readonly windowFiles: WindowFiles;
  readonly windowKeys: WindowKeys;
}

export type CommandGroup = keyof typeof commandNames;

/** The methods of a part, as they are from afar: each answers later. */
type Remote<Part, Name> = {
  readonly [Method in Name & keyof Part]: Part[Method] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** All commands, as a face has them. They reject with RemoteFault. */
export type RemoteCommands = {
  readonly [Group in CommandGroup]: Remote<
    CommandParts[Group],
    (typeof commandNames)[Group][number]
  >;
};

/** @param call carries "group.method" and its arguments to the engine, and its answer back */
export function remoteCommands(
  call: (command: string, args: readonly unknown[]) => Promise<unknown>,
): RemoteCommands {
  const groups = Object.entries(commandNames).map(([group, names]) => {
    const methods = names.map((name) => [
      name,
      (...args: unknown[]): Promise<unknown> => call(`${group}.${name}`, args),
    ]);
    return [group, Object.fromEntries(methods)] as const;
  });
  return Object.fromEntries(groups) as unknown as RemoteCommands;
}
