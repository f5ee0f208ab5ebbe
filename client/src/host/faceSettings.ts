import { z } from 'zod';
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

/** What a user set of how the client looks and behaves. Sound has its own settings. */
export const faceSettings = z.object({
  theme: z.enum(['dark', 'light', 'system']).default('system'),
  density: z.enum(['comfortable', 'compact']).default('comfortable'),
  /** Percent of the usual size. */
  fontSizePct: z.number().min(80).max(200).default(100),
  language: z.enum(['en', 'de', 'system']).default('system'),
  /** Tells talks and rooms that one is typing. */
  showsTyping: z.boolean().default(true),
  /** Held to talk: a `KeyboardEvent.code`, the place of a key and not its letter. */
  pushToTalkKey: z.string().max(32).default('Backquote'),
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

export type FaceSettings = Readonly<z.infer<typeof faceSettings>>;

export const usualSettings: FaceSettings = faceSettings.parse({});
