import type { BanInfo, ReportInfo, UserModeration, Uuid } from '@rookery/schemas/messages';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';
import { pathOfRoom } from '../engine/view.js';
import { visitPlace, type PlaceOptions } from './chatPlace.js';
import { localTime } from './localTime.js';
import type { Output } from './output.js';
import { requireRoom, runSession, type SessionOptions } from './session.js';
import { findUser, findUserHere } from './userTarget.js';

/** Why something is done, for whom it concerns and for the log. */
export interface Reason {
  readonly reason: string;
}

export async function kick(
  options: SessionOptions & Reason,
  person: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const userId = await findUserHere(engine, person);
    await engine.moderation.kick(userId, options.reason);
    output.result({ event: 'kicked', userId }, `kicked ${person}`);
  });
}

/** What `rookery ban` takes beside a person. */
export interface BanOptions extends SessionOptions, Reason {
  readonly address?: string;
  readonly withAddress: boolean;
  /** Seconds; without it as long as nobody lifts it. */
  readonly for?: number;
}

/** @param person null where an address alone is banned */
export async function ban(
  options: BanOptions,
  person: string | null,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { address, withAddress, reason } = options;
    const userId = person === null ? undefined : await findUser(engine, person);
    const target = {
      ...(userId !== undefined && { userId }),
      ...(address !== undefined && { address }),
      withAddress,
    };
    const banId = await engine.moderation.ban(target, options.for ?? 0, reason);
    const whom = [person, address]
      .filter((part) => part !== null && part !== undefined)
      .join(' and ');
    output.result({ event: 'banned', banId, ...target }, `banned ${whom}  ${banId}`);
  });
}

/** Prints the bans that hold, the newest first. */
export async function listBans(options: SessionOptions, output: Output): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const bans = await allBans(engine);
    for (const one of bans) output.result({ event: 'ban', ...one }, banWords(one));
    if (bans.length === 0) output.progress({ event: 'noBans' }, 'nobody is banned');
  });
}

/** Lifts bans. @param what the id of one, or the name or id of a user, or an address */
export async function unban(options: SessionOptions, what: string, output: Output): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const isMeant = ({ banId, userId, userName, address }: BanInfo): boolean =>
      [banId, userId, address].includes(what) || userName.toLowerCase() === what.toLowerCase();
    const meant = (await allBans(engine)).filter(isMeant);
    if (meant.length === 0) {
      throw new ClientError('invalidInput', `no ban is of "${what}"; see rookery ban --list`);
    }
    for (const one of meant) {
      await engine.moderation.unban(one.banId);
      output.result({ event: 'unbanned', banId: one.banId }, `lifted: ${banWords(one)}`);
    }
  });
}

/** Mutes, deafens, suppresses or prefers somebody, or takes it back. */
export async function moderate(
  options: SessionOptions & Reason,
  person: string,
  change: Partial<UserModeration>,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const userId = await findUser(engine, person);
    await engine.moderation.moderate(userId, change, options.reason);
    const words = Object.entries(change).map(([name, isOn]) => `${name} ${isOn ? 'on' : 'off'}`);
    const event = { event: 'moderated', userId, ...change };
    output.result(event, `${person}: ${words.join(', ')}`);
  });
}

export async function moveUser(
  options: SessionOptions & Reason,
  person: string,
  path: readonly string[],
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId } = requireRoom(engine, path);
    const userId = await findUserHere(engine, person);
    await engine.moderation.move(userId, roomId, options.reason);
    const room = path.join('/');
    output.result({ event: 'userMoved', userId, roomId, room }, `moved ${person} to ${room}`);
  });
}

/** Prints the message of the day. @param text sets it first; undefined leaves it */
export async function messageOfTheDay(
  options: SessionOptions,
  text: string | undefined,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    if (text !== undefined) await engine.moderation.setMessageOfTheDay(text);
    const said = text ?? engine.state.messageOfTheDay;
    const event = { event: 'messageOfTheDay', text: said };
    if (said === '') output.progress(event, 'there is no message of the day');
    else output.table(event, said.split('\n'));
  });
}

/** Shows a message to those who moderate. */
export async function report(
  options: SessionOptions & PlaceOptions & Reason,
  messageId: Uuid,
  output: Output,
): Promise<void> {
  await runSession(options, output, async (session) => {
    const { roomId } = await visitPlace(session, options);
    const reportId = await session.engine.moderation.report(roomId, messageId, options.reason);
    output.result({ event: 'reported', reportId, messageId }, `reported ${messageId}`);
  });
}

/** Takes a file away that somebody uploaded to a room. */
export async function removeFile(
  options: SessionOptions & Reason & { readonly room: readonly string[] },
  uploadId: Uuid,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId } = requireRoom(engine, options.room);
    await engine.moderation.removeFile(roomId, uploadId, options.reason);
    output.result({ event: 'fileRemoved', uploadId, roomId }, `removed ${uploadId}`);
  });
}

/** Prints reports, the newest first. */
export async function listReports(
  options: SessionOptions,
  which: 'open' | 'all',
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    let beforeId: Uuid | null = null;
    for (;;) {
      const { reports, hasEarlier } = await engine.moderation.readReports(which, beforeId);
      for (const one of reports)
        output.result({ event: 'report', ...one }, reportWords(one, engine));
      beforeId = reports.at(-1)?.reportId ?? null;
      if (!hasEarlier || beforeId === null) return;
    }
  });
}

export async function resolveReport(
  options: SessionOptions & Reason,
  reportId: Uuid,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    await engine.moderation.resolveReport(reportId, options.reason);
    output.result({ event: 'reportResolved', reportId }, `done with ${reportId}`);
  });
}

async function allBans(engine: Engine): Promise<BanInfo[]> {
  const bans: BanInfo[] = [];
  for (;;) {
    const page = await engine.moderation.readBans(bans.at(-1)?.banId ?? null);
    bans.push(...page.bans);
    if (!page.hasEarlier || page.bans.length === 0) return bans;
  }
}

/** One ban in one line: which, of whom, until when, by whom, why. */
function banWords(one: BanInfo): string {
  const { banId, userId, userName, hasAddress, address, expiresAtMs, byId, byName, reason } = one;
  const user = userId === null ? '' : userName || userId;
  const from = hasAddress ? address || 'an address' : '';
  const whom = [user, from].filter((part) => part !== '').join(' and ');
  const until = expiresAtMs === null ? 'for good' : `until ${localTime(expiresAtMs)}`;
  const by = byId === null ? 'temporary' : `by ${byName}`;
  const words = `${banId}  ${whom}  ${until}  ${by}`;
  return reason === '' ? words : `${words}: ${reason}`;
}

function reportWords(one: ReportInfo, { state }: Engine): string {
  const { reportId, roomId, messageId, authorName, byName, reason, text, resolvedAtMs } = one;
  const where = pathOfRoom(state.view, roomId) ?? roomId;
  const end =
    resolvedAtMs === null ? '' : `  (done with by ${one.resolverName}: ${one.resolution})`;
  return (
    `${reportId}  [${localTime(one.createdAtMs)}] ${byName}: ${reason}  ` +
    `${messageId} of ${authorName} in ${where}: ${text}${end}`
  );
}
