import { z } from 'zod';
import type { KeyAction } from '../keys/keyCombination.js';
import { whisperList } from './whisperLists.js';

/** Servers of which is kept how their tree is shown. */
const serversMax = 100;

/** How the rooms of one server are shown. */
const serverFace = z.object({
  /** Rooms whose content is hidden. */
  closedIds: z.array(z.guid()).max(5_000).default([]),
  /** Rooms of which nothing is told but mentions. */
  quietIds: z.array(z.guid()).max(5_000).default([]),
});

export type ServerFace = Readonly<z.infer<typeof serverFace>>;

/** Actions whose keys stand here; those of whisper lists stand with the lists. */
const ownAction = z.enum(['pushToTalk', 'toggleMute', 'toggleDeafen']);

/** What a key may do. */
export const keyAction: z.ZodType<KeyAction> = z.union([
  ownAction,
  z.templateLiteral(['whisper:', z.string().min(1).max(64)]),
]);

const keyBinding = z.object({ action: ownAction, key: z.string().min(1).max(64) });

const settingsFields = z.object({
  theme: z.enum(['dark', 'light', 'system']).default('system'),
  density: z.enum(['comfortable', 'compact']).default('comfortable'),
  /** Percent of the usual size. */
  fontSizePct: z.number().min(80).max(200).default(100),
  language: z.enum(['en', 'de', 'system']).default('system'),
  /** Tells talks and rooms that one is typing. */
  showsTyping: z.boolean().default(true),
  /** One for each action at most; keys as writeCombination() writes them. */
  keyBindings: z
    .array(keyBinding)
    .max(ownAction.options.length)
    .readonly()
    .default([{ action: 'pushToTalk', key: 'Backquote' }]),
  /** Whoever closes the window stays; the mark beside the clock brings it back. */
  closesToTray: z.boolean().default(true),
  /** Starts when its user logs in. */
  startsWithSystem: z.boolean().default(false),
  /** Last used; offered when a server is added. */
  nickname: z.string().max(64).default(''),
  /** Whether the first steps were gone through. */
  isSetUp: z.boolean().default(false),
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
