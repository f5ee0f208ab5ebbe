import { z } from 'zod';
import { parseServerAddress, formatServerAddress } from '../engine/serverAddress.js';
import type { Bookmark } from './bookmarks.js';

/** A server where one was lately. */
export const recentServer = z.object({
  /** As formatServerAddress() writes it. */
  address: z.string().max(300),
  nickname: z.string().max(64),
  /** As it called itself then. */
  serverName: z.string().max(256),
  /** Milliseconds since 1970. */
  usedAtMs: z.number().nonnegative(),
});

export type RecentServer = Readonly<z.infer<typeof recentServer>>;

/** More than anybody looks for in a list. */
export const recentServersMax = 10;

export const recentServers = z.array(recentServer).max(recentServersMax).readonly();

/** The list after one was there; the newest first, each server once. */
export function withUse(
  recents: readonly RecentServer[],
  used: RecentServer,
): readonly RecentServer[] {
  const others = recents.filter(({ address }) => address !== used.address);
  return [used, ...others].slice(0, recentServersMax);
}

/** Those that are not kept anyway. */
export function besideBookmarks(
  recents: readonly RecentServer[],
  bookmarks: readonly Pick<Bookmark, 'address'>[],
): readonly RecentServer[] {
  const kept = new Set(bookmarks.map(({ address }) => usualForm(address)));
  return recents.filter(({ address }) => !kept.has(address));
}

/** As formatServerAddress() writes it; as it stands where it is no address. */
export function usualForm(address: string): string {
  try {
    return formatServerAddress(parseServerAddress(address));
  } catch {
    return address;
  }
}
