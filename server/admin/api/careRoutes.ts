import { randomUUID } from 'node:crypto';
import type { BackupList } from '@rookery/schemas/adminApi';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuditAction } from '../../moderation/auditAction.js';
import { backupName } from '../backups.js';
import type { ServerCare } from '../serverCare.js';
import { ApiFault } from './apiFault.js';
import { permittedAsker, security, type Asker, type OperatorSource } from './operatorRequest.js';

export interface CareRoutesOptions extends OperatorSource {
  readonly care: ServerCare;
}

/** Longer ones are refused by the command that writes them. */
const broadcastBody = z.strictObject({ text: z.string().trim().min(1) });
const drainBody = z.strictObject({ isDraining: z.boolean() });
const backupBody = z.strictObject({ name: backupName.optional() });
const backupParams = z.strictObject({ name: backupName });

/** Rooms that one message is written in; a community of more is told in the first of them. */
const broadcastRoomsMax = 1_000;

/** What is done to the server as a whole: each needs the permission to administer it. */
export function addCareRoutes(api: FastifyInstance, options: CareRoutesOptions): void {
  addBackupRoutes(api, options);
  const { care } = options;
  const administers = administeredBy(options);
  const schema = (summary: string, body: z.ZodType): object => ({
    ...{ tags: ['server'], security, summary, body },
  });
  api.post<{ Body: z.output<typeof broadcastBody> }>(
    '/broadcast',
    { schema: schema('Writes a message into every room that somebody is in.', broadcastBody) },
    async (request) => {
      const asker = await administers(request, 'broadcastMessage');
      return broadcast(asker, request.body.text);
    },
  );
  api.put<{ Body: z.output<typeof drainBody> }>(
    '/drain',
    { schema: schema('Whether newcomers are turned away; who is here stays.', drainBody) },
    async (request) => {
      const { isDraining } = request.body;
      const { operators, operator } = await administers(request, 'drain');
      care.drain(isDraining);
      operators.desk.note(operator, 'drain', isDraining ? 'on' : 'off');
      return { isDraining };
    },
  );
  api.post(
    '/shutdown',
    { schema: { tags: ['server'], security, summary: 'Says goodbye to everybody and stops.' } },
    async (request, reply) => {
      const { operators, operator } = await administers(request, 'shutDown');
      operators.desk.note(operator, 'shutDown', '');
      reply.raw.once('close', () => care.shutDown());
      return reply.code(202).send({ isStopping: true });
    },
  );
}

/** Finds who asks, where it may administer the server. */
function administeredBy(source: OperatorSource) {
  return (request: FastifyRequest, action: AuditAction): Promise<Asker> =>
    permittedAsker(request, source, 'administer', action);
}

/** As messages of the operator, which slow mode and the rules of a room may refuse. */
async function broadcast({ operators, operator }: Asker, text: string): Promise<object> {
  const { desk } = operators;
  const { sessions } = desk.look(operator);
  const inRooms = new Set(sessions.flatMap(({ roomId }) => roomId ?? []));
  const roomIds = inRooms.size === 0 ? [rootRoomId] : [...inRooms].slice(0, broadcastRoomsMax);
  const refusals: string[] = [];
  for (const roomId of roomIds) {
    const message = { roomId, text, replyToId: null, attachmentIds: [] };
    const clientMessageId = randomUUID();
    const type = FrameType.SendMessage;
    const result = await desk.run(operator, { type, ...message, clientMessageId });
    if (result.refused) refusals.push(result.message);
  }
  const written = roomIds.length - refusals.length;
  if (written === 0) throw new ApiFault(409, 'notWritten', refusals[0]!);
  desk.note(operator, 'broadcastMessage', text);
  return { rooms: written, refused: refusals.length };
}

function addBackupRoutes(api: FastifyInstance, options: CareRoutesOptions): void {
  const { backups } = options.care;
  const administers = administeredBy(options);
  const of = (summary: string): object => ({ tags: ['backups'], security, summary });
  api.get(
    '/backups',
    { schema: of('Backups that there are, and the one that is made now.') },
    async (request) => {
      await administers(request, 'backUp');
      const { folder, running } = backups;
      return { folder, running, backups: await backups.list() } satisfies BackupList;
    },
  );
  api.post<{ Body: z.output<typeof backupBody> }>(
    '/backups',
    { schema: { ...of('Begins a backup, which is read through at its end.'), body: backupBody } },
    async (request, reply) => {
      const { operators, operator } = await administers(request, 'backUp');
      const running = backups.start(request.body.name ?? null);
      if (running === null) {
        throw new ApiFault(409, 'busy', 'A backup is made already, or there is one of that name.');
      }
      operators.desk.note(operator, 'backUp', running.name);
      return reply.code(202).send({ running });
    },
  );
  api.delete<{ Params: z.output<typeof backupParams> }>(
    '/backups/:name',
    { schema: { ...of('Takes a backup away.'), params: backupParams } },
    async (request) => {
      const { name } = request.params;
      const { operators, operator } = await administers(request, 'removeBackup');
      if (!(await backups.remove(name))) {
        throw new ApiFault(404, 'noSuchBackup', 'There is no backup of that name.');
      }
      operators.desk.note(operator, 'removeBackup', name);
      return {};
    },
  );
}
