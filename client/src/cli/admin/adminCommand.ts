import { z } from 'zod';
import { ClientError } from '../../engine/clientError.js';
import { localTime } from '../localTime.js';
import type { Output } from '../output.js';
import { catchStopSignals, isOnAfter } from '../stopSignal.js';
import { terminalJsonLines } from '../terminalText.js';
import { AdminClient } from './adminClient.js';
import { apiPrefix } from './adminConnection.js';
import { noRookery } from './adminFaults.js';
import type { AdminOptions } from './loginCommand.js';

/** @throws ClientError `sessionEnded` where nobody is logged in */
export function openAdmin({ profile, serverAdmin }: AdminOptions): Promise<AdminClient> {
  return AdminClient.open(profile, serverAdmin ?? null);
}

/** @throws ClientError `protocolViolation` for what no server of ours answers */
export function readAnswer<Answer>(
  schema: z.ZodType<Answer>,
  answer: unknown,
  { target }: AdminClient,
): Answer {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw noRookery(target.origin);
}

/** Prints what any route answers that changes nothing. @param path with or without its prefix */
export async function getPath(options: AdminOptions, path: string, output: Output): Promise<void> {
  const client = await openAdmin(options);
  const below = path.startsWith(`${apiPrefix}/`) ? path.slice(apiPrefix.length) : path;
  const answer = await client.ask({ method: 'GET', path: below });
  output.table({ event: 'answer', path: below, answer }, terminalJsonLines(answer));
}

const broadcastAnswer = z.object({ rooms: z.number(), refused: z.number() });

/** Writes into every room that somebody is in. */
export async function broadcast(
  options: AdminOptions,
  text: string,
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const answer = await client.ask({ method: 'POST', path: '/broadcast', body: { text } });
  const { rooms, refused } = readAnswer(broadcastAnswer, answer, client);
  const missed = refused === 0 ? '' : `; ${refused} rooms did not take it`;
  output.result({ event: 'broadcast', rooms, refused }, `written in ${rooms} rooms${missed}`);
}

/** Turns newcomers away, or lets them in again. */
export async function drain(
  options: AdminOptions,
  state: 'on' | 'off',
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const isDraining = state === 'on';
  await client.ask({ method: 'PUT', path: '/drain', body: { isDraining } });
  output.result(
    { event: 'drain', isDraining },
    isDraining ? 'newcomers are turned away; who is here stays' : 'newcomers are let in again',
  );
}

/** Has the server stop; it is not waited for. */
export async function shutDown(options: AdminOptions, output: Output): Promise<void> {
  const client = await openAdmin(options);
  await client.ask({ method: 'POST', path: '/shutdown' });
  output.result({ event: 'shutDown' }, 'the server says goodbye to everybody and stops');
}

const runningBackup = z.object({ name: z.string(), phase: z.string(), fault: z.string() });
const backupStarted = z.object({ running: runningBackup });
const backupList = z.object({
  folder: z.string(),
  running: runningBackup.nullable(),
  backups: z.array(z.object({ name: z.string(), madeAtMs: z.number(), bytes: z.number() })),
});

/** Milliseconds between two looks at a backup that is made. */
const backupLookMs = 300;

/**
 * Makes a backup and waits for its end; Ctrl-C ends the waiting alone.
 *
 * @throws ClientError `commandRefused`, also where the backup failed
 */
export async function backUp(
  options: AdminOptions & { readonly name?: string },
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const body = options.name === undefined ? {} : { name: options.name };
  const begun = await client.ask({ method: 'POST', path: '/backups', body });
  const { name } = readAnswer(backupStarted, begun, client).running;
  output.progress({ event: 'backupStarted', name }, `the backup ${name} is made`);
  const stop = catchStopSignals();
  try {
    while (await isOnAfter(backupLookMs, stop.signal)) {
      const listed = await client.ask({ method: 'GET', path: '/backups' });
      const { folder, running } = readAnswer(backupList, listed, client);
      if (running?.name === name && running.phase === 'failed') {
        throw new ClientError('commandRefused', `the backup ${name} failed: ${running.fault}`);
      }
      if (running?.name !== name || running.phase !== 'done') continue;
      const made = { event: 'backup', name, folder };
      output.result(made, `the backup ${name} stands in ${folder} on the server, read through`);
      return;
    }
    output.progress({ event: 'backupGoesOn', name }, 'the server goes on with it');
  } finally {
    stop.release();
  }
}

/** Prints the backups that the server keeps. */
export async function listBackups(options: AdminOptions, output: Output): Promise<void> {
  const client = await openAdmin(options);
  const listed = await client.ask({ method: 'GET', path: '/backups' });
  const { folder, backups } = readAnswer(backupList, listed, client);
  const lines = backups.map(
    ({ name, madeAtMs, bytes }) =>
      `${name}  ${localTime(madeAtMs)}  ${(bytes / 1_048_576).toFixed(1)} MiB`,
  );
  const words = lines.length === 0 ? [`no backups in ${folder}`] : [`in ${folder}:`, ...lines];
  output.table({ event: 'backups', folder, backups }, words);
}
