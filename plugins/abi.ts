/**
 * What a plugin and its host say to each other. The host calls one export, `onEvent`, with an event
 * as JSON; the plugin calls host functions, each with JSON in and JSON out. Nothing else crosses.
 * docs/plugins.md tells it to authors.
 */

/** The export that is called with each event. It takes and returns nothing by itself. */
export const eventExport = 'onEvent';

/** Where host functions are imported from, as Extism's kits for plugins name it. */
export const hostModule = 'extism:host/user';

/** Memory between host and plugin, as Extism's kits for plugins name it. */
export const blockModule = 'extism:host/env';

/**
 * What a plugin may be told of. `start` comes first, after each start; `command` when somebody
 * writes one of the plugin's commands; `key` when a key goes down or up that the user bound to one
 * of its `[[keys]]`. Those three are not asked for under `events`.
 */
export const pluginEvents = [
  ...(['start', 'command', 'message', 'join', 'leave', 'roomChange'] as const),
  ...(['talkStart', 'talkStop', 'key', 'panelAction'] as const),
] as const;
export type PluginEventName = (typeof pluginEvents)[number];

/** What a plugin may ask for, in the order in which people are shown it. */
export const pluginPermissions = [
  ...(['readRooms', 'readUsers', 'readMessages', 'sendText', 'storage'] as const),
  ...(['moderateText', 'moderateUsers', 'panel', 'keys', 'sound'] as const),
] as const;
export type PluginPermission = (typeof pluginPermissions)[number];

/** Where a plugin can run. */
export type PluginSide = 'client' | 'server';

/** In which of them a permission has a meaning. */
export const permissionSides: Readonly<Record<PluginPermission, readonly PluginSide[]>> = {
  readRooms: ['client', 'server'],
  readUsers: ['client', 'server'],
  readMessages: ['client', 'server'],
  sendText: ['client', 'server'],
  storage: ['client', 'server'],
  moderateText: ['server'],
  moderateUsers: ['server'],
  panel: ['client'],
  keys: ['client'],
  sound: ['client'],
};

/** What a permission means, for whoever is asked to approve it. */
export const permissionWords: Readonly<Record<PluginPermission, string>> = {
  readRooms: 'see the rooms and their names',
  readUsers: 'see who is there, and who comes, goes and talks',
  readMessages: 'read the messages of rooms',
  sendText: 'write messages, marked as its own',
  storage: 'keep a little data of its own',
  moderateText: 'delete messages, as far as its role permits',
  moderateUsers: 'mute and kick people, as far as its role permits',
  panel: 'show a panel of labels, values and buttons',
  keys: 'be told when you press a key that you bound to one of its actions, and of no other key',
  sound: 'change sound: your own before it is sent, or that of others as you hear it',
};

/** The permission that an event needs; null for none. */
export const eventPermissions: Readonly<Record<PluginEventName, PluginPermission | null>> = {
  start: null,
  command: null,
  message: 'readMessages',
  join: 'readUsers',
  leave: 'readUsers',
  roomChange: 'readUsers',
  talkStart: 'readUsers',
  talkStop: 'readUsers',
  key: 'keys',
  panelAction: 'panel',
};

/** The permission that each host function needs. */
export const hostFunctions = {
  sendText: 'sendText',
  listRooms: 'readRooms',
  listUsers: 'readUsers',
  kvGet: 'storage',
  kvSet: 'storage',
  kvDelete: 'storage',
  deleteMessage: 'moderateText',
  muteUser: 'moderateUsers',
  kickUser: 'moderateUsers',
  setPanel: 'panel',
} as const satisfies Readonly<Record<string, PluginPermission>>;
export type HostFunctionName = keyof typeof hostFunctions;

export function isHostFunction(name: string): name is HostFunctionName {
  return Object.hasOwn(hostFunctions, name);
}

/**
 * An event as the plugin is given it: flat JSON. Ids are UUIDs as text.
 *
 * - `start`: nothing more
 * - `command`: `name`, `args` (text after the name), and the fields of `message`
 * - `message`: `messageId`, `roomId`, `roomName`, `userId`, `userName`, `isBot`, `text`
 * - `join`, `leave`: `userId`, `userName`, `isBot`, `roomId` or null, `roomName` or ''
 * - `roomChange`: as `join`, of the room gone to
 * - `talkStart`, `talkStop`: as `join`
 * - `key`: `name` of the action, `isDown`; never which key it was
 * - `panelAction`: `id` of the button
 */
export interface PluginEvent {
  readonly type: PluginEventName;
  readonly [field: string]: string | number | boolean | null;
}

/** What every event holds as the plugin gets it, which has neither clock nor chance of its own. */
export interface EventCircumstances {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** 32 bits of chance, others with each event. */
  readonly seed: number;
}

/** Why a host function did nothing. */
export const hostFaults = [
  ...(['notPermitted', 'badInput', 'refused', 'notHere', 'full', 'failed'] as const),
] as const;
export type HostFault = (typeof hostFaults)[number];

/** What a host function answers. */
export type HostAnswer =
  | { readonly ok: true; readonly [field: string]: unknown }
  | { readonly ok: false; readonly code: HostFault; readonly message: string };

export function hostRefusal(code: HostFault, message: string): HostAnswer {
  return { ok: false, code, message };
}
