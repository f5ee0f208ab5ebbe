import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Ban, BanInfo, ReadBans, Unban, Uuid } from '@rookery/schemas/messages';
import { fieldLimits, rootRoomId } from '@rookery/schemas/protocol';
import {
  customerRange,
  formatAddressRange,
  isInRange,
  isOwnMachine,
  parseAddressRange,
  type AddressRange,
} from '../moderation/addressRange.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { StoredBan } from '../store/bans.js';
import type { CommandContext, CommandResult } from './commandContext.js';
import { done } from './messageCommands.js';
import { noSuchUser, rankRefusal } from './rankRefusal.js';

/** Keeps somebody away, and ends the sessions of those who are. */
export async function ban(context: CommandContext, command: Ban): Promise<CommandResult> {
  const { session, store, audit, moderation, wallClockMs } = context;
  const { userId, durationSeconds, reason } = command;
  if (userId !== null) {
    const refused = rankRefusal(context, userId);
    if (refused !== null) return refused;
    if (store.users.find(userId) === null) return noSuchUser();
  }
  const range = rangeOfBan(context, command);
  if (range !== null && 'refused' in range) return range;
  if (userId === null && range === null) {
    return refusal(ErrorCode.InvalidField, 'Say whom to ban: a user, an address, or both.');
  }
  if (moderation.bans.isFull) {
    return refusal(ErrorCode.LimitReached, 'There are as many bans as can be. Lift some first.');
  }
  const expiresAtMs = durationSeconds === 0 ? null : wallClockMs() + durationSeconds * 1_000;
  const byId = session.userId;
  const stored = moderation.bans.add({ userId, range, reason, byId, expiresAtMs });
  const until = expiresAtMs === null ? 'for good' : `until ${new Date(expiresAtMs).toISOString()}`;
  const what = range === null ? until : `${formatAddressRange(range)} ${until}`;
  const detail = reason === '' ? what : `${what}: ${reason}`;
  audit.note({ action: 'ban', actorId: byId, targetId: userId, detail });
  const made = await stored;
  moderation.expelBanned(made);
  return { ...done, createdId: made.banId };
}

export async function unban(
  { session, audit, moderation, temporaryBans }: CommandContext,
  { banId }: Unban,
): Promise<CommandResult> {
  const temporary = temporaryBans.lift(banId);
  if (temporary !== null) {
    const { userId, address } = temporary;
    const target = { targetId: userId, detail: ['temporary', address ?? ''].join(' ').trim() };
    audit.note({ action: 'unban', actorId: session.userId, ...target });
    return done;
  }
  const found = moderation.bans.find(banId);
  if (found === null) {
    return refusal(ErrorCode.NoSuchBan, 'There is no such ban. It may have ended.');
  }
  const detail = found.range === null ? '' : formatAddressRange(found.range);
  audit.note({ action: 'unban', actorId: session.userId, targetId: found.userId, detail });
  await moderation.bans.lift(found);
  return done;
}

/**
 * Answers with bans that hold, also those that the server made by itself; addresses are told to
 * those who may see them.
 */
export function readBans(context: CommandContext, { beforeId }: ReadBans): CommandResult {
  const { session, access, moderation, temporaryBans } = context;
  const countMax = fieldLimits.moderationPageMax;
  const found = [
    ...moderation.bans.before(beforeId, countMax + 1).map(listed),
    ...temporaryBans.before(beforeId, countMax + 1).map((ban) => ({ ...ban, byId: null })),
  ].sort((a, b) => (a.banId < b.banId ? 1 : -1));
  const showsAddresses = access.can(session.token, 'viewAddresses', rootRoomId);
  const bans = found.slice(0, countMax).map((ban) => infoOf(context, ban, showsAddresses));
  const hasEarlier = found.length > countMax;
  return { refused: false, answer: { type: FrameType.BanList, bans, hasEarlier } };
}

/** @returns null where no address is to be banned */
function rangeOfBan(
  context: CommandContext,
  { userId, address, withAddress }: Ban,
): AddressRange | Refusal | null {
  if (address === '' && !withAddress) return null;
  const range = address === '' ? rangeOfUser(context, userId) : parseAddressRange(address);
  if (typeof range === 'string') return refusal(ErrorCode.InvalidField, range);
  return reachRefusal(context, range) ?? range;
}

/** @returns what is wrong, for a person, where it cannot be told */
function rangeOfUser({ sessions }: CommandContext, userId: Uuid | null): AddressRange | string {
  const host = userId === null ? null : (sessions.connectionOf(userId)?.host ?? null);
  const range = host === null ? null : customerRange(host);
  if (range === null) return 'The user is not connected. Ban the user alone, or an address.';
  if (!isOwnMachine(range.bytes)) return range;
  return "The user comes from the server's own machine, which cannot be banned.";
}

/** Nobody shuts themselves out, nor those whom they may not ban. */
function reachRefusal(
  { session, sessions, access }: CommandContext,
  range: AddressRange,
): Refusal | null {
  for (const { userId, host } of sessions.connected()) {
    if (host === null || !isInRange(host, range)) continue;
    if (userId === session.userId) {
      return refusal(ErrorCode.InvalidField, 'You come from such an address yourself.');
    }
    if (!access.mayActOn(session.userId, userId)) {
      const text = 'Somebody whose role is yours, or above it, comes from such an address.';
      return refusal(ErrorCode.NotPermitted, text);
    }
  }
  return null;
}

/** A ban before names are looked up, and without what not everybody may see. */
type ListedBan = Omit<BanInfo, 'userName' | 'byName' | 'hasAddress' | 'address'> & {
  readonly address: string | null;
};

function listed({ range, ...ban }: StoredBan): ListedBan {
  return { ...ban, address: range === null ? null : formatAddressRange(range) };
}

function infoOf({ store }: CommandContext, ban: ListedBan, showsAddresses: boolean): BanInfo {
  const nameOf = (userId: Uuid | null): string =>
    userId === null ? '' : (store.users.find(userId)?.displayName ?? '');
  return {
    ...ban,
    userName: nameOf(ban.userId),
    byName: nameOf(ban.byId),
    hasAddress: ban.address !== null,
    address: showsAddresses ? (ban.address ?? '') : '',
  };
}
