import type { RoleList, UserRole } from '@rookery/schemas/messages';
import type { OwnPermissions } from './access.js';

/**
 * Roles that others were given while one was there and might know of it. Whoever has read all roles
 * keeps up with them by the latest of these, and reads all anew after it has missed some.
 */
export interface RoleNews {
  /** Goes up with each of them and with each gap, and never back. */
  readonly count: number;
  /** As many of the last ones as stand behind the last gap, bounded; oldest first. */
  readonly latest: readonly UserRole[];
}

/** Whether the server tells one of the roles of others, and lets one read them. */
export function mayReadRoles({ server }: OwnPermissions): boolean {
  return server.includes('register');
}

export const noRoleNews: RoleNews = { count: 0, latest: [] };

/** Two pages: a window that has missed more asks for all. */
const latestMax = 200;

/** What of the State has them. */
export interface RoleNewsHolder {
  readonly roleNews: RoleNews;
}

/** Roles may have become others of which one was not told. */
export function withRoleGap({ roleNews: { count } }: RoleNewsHolder): RoleNewsHolder {
  return { roleNews: { count: count + 1, latest: [] } };
}

/** @param told what the server sent unasked */
export function withTold(holder: RoleNewsHolder, told: RoleList): RoleNewsHolder {
  if (told.hasMore) return withRoleGap(holder);
  const { count, latest } = holder.roleNews;
  const kept = [...latest, ...told.users].slice(-latestMax);
  return { roleNews: { count: count + told.users.length, latest: kept } };
}

/** @returns what came since the count was that; null where it is not known, and to be read */
export function toldSince({ count, latest }: RoleNews, known: number): readonly UserRole[] | null {
  const missed = count - known;
  return missed > latest.length ? null : latest.slice(latest.length - missed);
}
