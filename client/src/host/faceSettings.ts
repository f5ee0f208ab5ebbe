import { pluginLimits } from '@rookery/plugins/limits';
import { z } from 'zod';
import type { KeyAction } from '../keys/keyCombination.js';
import { accentNames, noticeLevels, soundNames } from './noticeNames.js';
import { whisperList } from './whisperLists.js';

/** Servers of which is kept how their tree is shown. */
const serversMax = 100;

/** Places of one server that have settings of their own. */
const placesMax = 5_000;

/** How the rooms of one server are shown. */
const serverFace = z.object({
  /** Rooms whose content is hidden. */
  closedIds: z.array(z.guid()).max(placesMax).default([]),
  /** Of which of their messages one is told, of places that differ from the usual, by id. */
  noticeLevels: z
    .record(z.guid(), z.enum(noticeLevels))
    .transform((all) => Object.fromEntries(Object.entries(all).slice(-placesMax)))
    .default({}),
});

export type ServerFace = Readonly<z.infer<typeof serverFace>>;

/** Actions whose keys stand here; those of whisper lists stand with the lists. */
const ownAction = z.enum(['pushToTalk', 'toggleMute', 'toggleDeafen']);

/** What a key may do. */
export const keyAction: z.ZodType<KeyAction> = z.union([
  ownAction,
  z.templateLiteral(['whisper:', z.string().min(1).max(64)]),
  z.templateLiteral(['plugin:', z.string().min(1).max(64)]),
]);

const boundKey = z.string().min(1).max(64);
const keyBinding = z.object({ action: ownAction, key: boundKey });

/** More actions than all plugins of a client can have. */
const pluginKeysMax = 2 * pluginLimits.pluginsMax * pluginLimits.keysMax;
const pluginKey = z.object({ plugin: z.string().max(31), name: z.string().max(31), key: boundKey });

const settingsFields = z.object({
  theme: z.enum(['dark', 'light', 'system']).default('system'),
  density: z.enum(['comfortable', 'compact']).default('comfortable'),
  /** Percent of the usual size. */
  fontSizePct: z.number().min(80).max(200).default(100),
  language: z.enum(['en', 'de', 'system']).default('system'),
  accent: z.enum(accentNames).default('dawn'),
  /** Degrees, where the accent is `custom`. */
  accentHue: z.number().min(0).max(360).default(260),
  motion: z.enum(['system', 'reduced']).default('system'),
  clock: z.enum(['system', 'h12', 'h24']).default('system'),
  isChatCompact: z.boolean().default(false),
  showsAvatars: z.boolean().default(true),
  /** Of the window's own sounds, percent. */
  soundVolumePct: z.number().min(0).max(100).default(50),
  /** Sounds that are not played. */
  quietSounds: z.array(z.enum(soundNames)).max(soundNames.length).default([]),
  isQuietWhileDeafened: z.boolean().default(false),
  /** Tells of messages outside of the window, while it is not looked at. */
  showsDesktopNotices: z.boolean().default(false),
  /** With what was written; else only that something was. */
  showsPreviews: z.boolean().default(true),
  /** Of rooms without a level of their own; talks always tell of all. */
  noticeLevel: z.enum(noticeLevels).default('all'),
  isDoNotDisturb: z.boolean().default(false),
  /** Which messages are read aloud. */
  readsAloud: z.enum(noticeLevels).default('none'),
  /** Of the voice that reads, as "de-DE"; '' for the window's own language. */
  readingLanguage: z.string().max(35).default(''),
  /** Percent of the voice's usual pace. */
  readingPacePct: z.number().min(50).max(200).default(100),
  /** Tells talks and rooms that one is typing. */
  showsTyping: z.boolean().default(true),
  /** One for each action at most; keys as writeCombination() writes them. */
  keyBindings: z
    .array(keyBinding)
    .max(ownAction.options.length)
    .readonly()
    .default([{ action: 'pushToTalk', key: 'Backquote' }]),
  /** One for each action of a plugin at most; as long as the plugin is installed. */
  pluginKeys: z.array(pluginKey).max(pluginKeysMax).readonly().default([]),
  /** Whoever closes the window stays; the mark beside the clock brings it back. */
  closesToTray: z.boolean().default(false),
  /** Starts when its user logs in. */
  startsWithSystem: z.boolean().default(false),
  /** Asks where releases are whether there is a newer client. */
  looksForUpdates: z.boolean().default(true),
  /** Of the folder of releases; '' for that of who made this client. */
  updateUrl: z.string().max(2_048).default(''),
  /** That releases are signed by, as isReleaseKey() wants it; '' as with the address. */
  updateKey: z.string().max(64).default(''),
  /** Last used; offered when a server is added. */
  nickname: z.string().max(64).default(''),
  /** Of the first steps, where one is. */
  setupStep: z.number().int().min(0).max(2).default(0),
  /** Whether the first steps were gone through. */
  isSetUp: z.boolean().default(false),
  /** Last taken from the picker, the last one first. */
  recentEmojis: z.array(z.string().max(32)).max(32).default([]),
  whisperLists: z.array(whisperList).max(64).default([]),
  /** By the fingerprint of the server; the last one is the newest. */
  servers: z
    .record(z.string().max(200), serverFace)
    .transform((all) => Object.fromEntries(Object.entries(all).slice(-serversMax)))
    .default({}),
});

/** Files of before had one key, without an action. */
function withKeyBindings(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || 'keyBindings' in value) return value;
  const { pushToTalkKey, ...others } = value as { readonly pushToTalkKey?: unknown };
  if (typeof pushToTalkKey !== 'string') return others;
  return { ...others, keyBindings: [{ action: 'pushToTalk', key: pushToTalkKey }] };
}

/** What a user set of how the client looks and behaves. Sound has its own settings. */
export const faceSettings = z.preprocess(withKeyBindings, settingsFields);

export type FaceSettings = Readonly<z.infer<typeof faceSettings>>;

export const usualSettings: FaceSettings = faceSettings.parse({});
