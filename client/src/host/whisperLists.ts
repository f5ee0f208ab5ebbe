import { z } from 'zod';

/** More than a server lets one session name (`WhisperTargets`). */
const targetsMax = 64;

/** People and rooms that the user whispers to together. */
export const whisperList = z.object({
  listId: z.uuid(),
  name: z.string().trim().min(1).max(64),
  /** Held to whisper: as writeCombination() writes it; '' for none. */
  key: z.string().max(64).default(''),
  /** Of the server on which these people and rooms are. */
  fingerprint: z.string().max(200),
  /** Their names as they were last seen: they may be away. */
  people: z.array(z.object({ userId: z.guid(), name: z.string().max(200) })).max(targetsMax),
  rooms: z.array(z.object({ roomId: z.guid(), name: z.string().max(200) })).max(targetsMax),
  /** Whether all rooms below those rooms hear it too. */
  withChildren: z.boolean().default(false),
});

export type WhisperList = Readonly<z.infer<typeof whisperList>>;

/** To whom one whispers while a key or a button is held. */
export const whisperWish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('list'), listId: z.uuid() }),
  z.object({ kind: z.literal('user'), userId: z.guid() }),
  z.object({ kind: z.literal('room'), roomId: z.guid(), withChildren: z.boolean() }),
]);

export type WhisperWish = Readonly<z.infer<typeof whisperWish>>;
