import { z } from 'zod';

/** A server that the user keeps. */
export const bookmark = z.object({
  bookmarkId: z.uuid(),
  /** Shown; the user's own word for it. */
  label: z.string().max(100),
  /** HOST or HOST:PORT. */
  address: z.string().max(300),
  nickname: z.string().max(64),
  /** Bookmarks of one group stand together; '' for none. */
  group: z.string().max(100).default(''),
  /** When one was there last, milliseconds since 1970; 0 for never. */
  usedAtMs: z.number().nonnegative().default(0),
  /** Whether the system's keychain keeps its password. */
  hasPassword: z.boolean().default(false),
});

export type Bookmark = Readonly<z.infer<typeof bookmark>>;

/** What a user says of a new one. */
export type BookmarkDraft = Pick<Bookmark, 'label' | 'address' | 'nickname' | 'group'>;
