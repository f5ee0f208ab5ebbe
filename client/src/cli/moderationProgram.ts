import { InvalidArgumentError, Option, type Command } from 'commander';
import type { UserModeration, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { roomPathArgument, shortNumberArgument } from './argumentParsers.js';
import type { PlaceOptions } from './chatPlace.js';
import { addRoomOption, addServerOptions, outputOf, type Json } from './commandOptions.js';
import type { BanOptions, Reason } from './moderationCommand.js';
import type { SessionOptions } from './session.js';

type Options = SessionOptions & Json;

/** Entries that `rookery audit` prints. */
const auditLines = 50;
const auditLinesMax = 10_000;

/** Adds what moderators do, and `rookery report`, which everybody may. */
export function addModeration(program: Command): void {
  addKick(program);
  addBans(program);
  addModerate(program, 'mute', 'nobody hears them, until --off', 'muted');
  addModerate(program, 'deafen', 'they hear nobody, until --off', 'deafened');
  addModerate(program, 'suppress', 'nobody hears them in their room', 'suppressed');
  addModerate(
    program,
    'priority',
    'they are shown as a priority speaker in their room',
    'prioritySpeaker',
  );
  addMove(program);
  addMessageOfTheDay(program);
  addReports(program);
  addRemoveFile(program);
  addCalmRooms(program);
  addAudit(program);
}

function addKick(program: Command): void {
  const command = program
    .command('kick')
    .argument('<name-or-id>', 'who is to go')
    .summary("end somebody's session")
    .description("Ends somebody's session. They may not come back for half a minute.");
  addReason(addServerOptions(command)).action(async (person: string, options: Options & Reason) => {
    const { kick } = await import('./moderationCommand.js');
    await kick(options, person, outputOf(options));
  });
}

function addBans(program: Command): void {
  const command: Command = program
    .command('ban')
    .argument('[name-or-id]', 'who is to be kept away')
    .summary('keep somebody away, or addresses; list who is')
    .description('Keeps a user, addresses, or both away, and ends the sessions of those.')
    .option('--address <address>', 'an address or a range, like 192.0.2.0/24')
    .option('--with-address', 'also the address from which the user is connected now', false)
    .addOption(
      new Option('--for <time>', 'how long: 30m, 12h, 7d; for good without it').argParser(
        durationArgument,
      ),
    )
    .option('--list', 'print the bans that hold', false);
  addReason(addServerOptions(command)).action(
    async (person: string | undefined, options: BanOptions & Json & { readonly list: boolean }) => {
      const { ban, listBans } = await import('./moderationCommand.js');
      const isNobody = person === undefined && options.address === undefined;
      if (options.list) await listBans(options, outputOf(options));
      else if (isNobody) command.error('error: name somebody, or give --address, or --list');
      else await ban(options, person ?? null, outputOf(options));
    },
  );
  const lift = program
    .command('unban')
    .argument('<what>', 'the id of a ban, the name or id of a user, or an address')
    .summary('lift a ban before its time')
    .description('Lifts a ban before its time.');
  addServerOptions(lift).action(async (what: string, options: Options) => {
    const { unban } = await import('./moderationCommand.js');
    await unban(options, what, outputOf(options));
  });
}

function addModerate(
  program: Command,
  name: string,
  what: string,
  field: keyof UserModeration,
): void {
  const command = program
    .command(name)
    .argument('<name-or-id>', 'whom')
    .summary(what)
    .description(`${what.slice(0, 1).toUpperCase()}${what.slice(1)}.`)
    .option('--off', 'take it back', false);
  addReason(addServerOptions(command)).action(
    async (person: string, options: Options & Reason & { readonly off: boolean }) => {
      const { moderate } = await import('./moderationCommand.js');
      await moderate(options, person, { [field]: !options.off }, outputOf(options));
    },
  );
}

function addMove(program: Command): void {
  const command = program
    .command('move')
    .argument('<name-or-id>', 'who')
    .argument('<path>', 'into which room, like Lobby/Games', roomPathArgument)
    .summary('put somebody into a room')
    .description('Puts somebody who is there into a room.');
  addReason(addServerOptions(command)).action(
    async (person: string, path: readonly string[], options: Options & Reason) => {
      const { moveUser } = await import('./moderationCommand.js');
      await moveUser(options, person, path, outputOf(options));
    },
  );
}

function addMessageOfTheDay(program: Command): void {
  const command = program
    .command('motd')
    .summary('show or set what everybody is told')
    .description('Shows the message of the day, which everybody is told after login.')
    .option('--set <text>', "set it; '' for none");
  addServerOptions(command).action(async (options: Options & { readonly set?: string }) => {
    const { messageOfTheDay } = await import('./moderationCommand.js');
    await messageOfTheDay(options, options.set, outputOf(options));
  });
}

function addReports(program: Command): void {
  const command = program
    .command('report')
    .argument('<message-id>', 'the message, as rookery chat --history shows it', idArgument)
    .summary('show a message to those who moderate')
    .description('Shows a message to those who moderate.')
    .option('--to <name-or-id>', 'it stands in the talk with this user, or in this group talk');
  addReason(addRoomOption(addServerOptions(command))).action(
    async (messageId: Uuid, options: Options & PlaceOptions & Reason) => {
      const { report } = await import('./moderationCommand.js');
      await report(options, messageId, outputOf(options));
    },
  );
  const list = program
    .command('reports')
    .summary('show which messages were reported, and be done with them')
    .description('Shows messages that people reported.')
    .option('--all', 'also those that somebody was done with', false)
    .addOption(
      new Option('--resolve <id>', 'say that a report is done with').argParser(idArgument),
    );
  addReason(addServerOptions(list)).action(
    async (options: Options & Reason & { readonly all: boolean; readonly resolve?: Uuid }) => {
      const { listReports, resolveReport } = await import('./moderationCommand.js');
      const output = outputOf(options);
      if (options.resolve !== undefined) await resolveReport(options, options.resolve, output);
      else await listReports(options, options.all ? 'all' : 'open', output);
    },
  );
}

function addRemoveFile(program: Command): void {
  const command = program
    .command('remove-file')
    .argument('<file-id>', 'the file, as rookery chat --follow shows it', idArgument)
    .summary('take a file away that somebody uploaded to a room')
    .description('Takes a file away that somebody uploaded to a room. The message stays.');
  addReason(addRoomOption(addServerOptions(command))).action(
    async (uploadId: Uuid, options: Options & PlaceOptions & Reason) => {
      const { removeFile } = await import('./moderationCommand.js');
      await removeFile(options, uploadId, outputOf(options));
    },
  );
}

function addCalmRooms(program: Command): void {
  const slow = program
    .command('slow')
    .argument('<path>', 'the room', roomPathArgument)
    .argument('<seconds>', 'between two messages of one user; 0 for none', shortNumberArgument)
    .summary('let everybody write in a room only so often')
    .description('Lets everybody who does not moderate write in a room only so often.');
  addServerOptions(slow).action(
    async (path: readonly string[], slowModeSeconds: number, options: Options) => {
      const { editRoom } = await import('./roomsCommand.js');
      await editRoom(options, path, { slowModeSeconds }, outputOf(options));
    },
  );
  const lock = program
    .command('lock')
    .argument('<path>', 'the room', roomPathArgument)
    .summary('let nobody enter a room')
    .description('Lets nobody enter a room but those who may move others, and whom they move.')
    .option('--off', 'unlock it', false);
  addServerOptions(lock).action(
    async (path: readonly string[], options: Options & { readonly off: boolean }) => {
      const { editRoom } = await import('./roomsCommand.js');
      await editRoom(options, path, { isLocked: !options.off }, outputOf(options));
    },
  );
}

function addAudit(program: Command): void {
  const command = program
    .command('audit')
    .summary('show who did what to whom')
    .description('Shows the newest entries of the audit log: who did what to whom, and where.')
    .addOption(
      new Option('--lines <n>', `so many entries, 1 to ${auditLinesMax}`)
        .argParser(linesArgument)
        .default(auditLines),
    );
  addServerOptions(command).action(async (options: Options & { readonly lines: number }) => {
    const { showAudit } = await import('./auditCommand.js');
    await showAudit(options, options.lines, outputOf(options));
  });
}

function addReason(command: Command): Command {
  return command.addOption(
    new Option('--reason <text>', 'why, for whom it concerns and for the audit log')
      .argParser(reasonArgument)
      .default('', 'none'),
  );
}

function reasonArgument(text: string): string {
  const reason = text.normalize('NFC').trim();
  if (Buffer.byteLength(reason) <= fieldLimits.reasonBytesMax) return reason;
  throw new InvalidArgumentError(`Give at most ${fieldLimits.reasonBytesMax} bytes.`);
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function durationArgument(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? 0);
  if (seconds >= 1 && seconds <= 0xffff_ffff) return seconds;
  throw new InvalidArgumentError('Give a number and s, m, h or d, like 12h.');
}

function idArgument(text: string): Uuid {
  const id = text.trim().toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw new InvalidArgumentError('It is no id, as they are shown in lists.');
}

function linesArgument(text: string): number {
  const lines = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (lines >= 1 && lines <= auditLinesMax) return lines;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${auditLinesMax}.`);
}
