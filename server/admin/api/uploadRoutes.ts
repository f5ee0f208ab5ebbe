import { FrameType } from '@rookery/schemas/frameType';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiFault, faultOfRefusal } from './apiFault.js';
import { askerOf, permittedAsker, security, type OperatorSource } from './operatorRequest.js';

const query = z.strictObject({ afterId: z.guid().nullable().default(null) });
const params = z.strictObject({ uploadId: z.guid() });
const body = z.strictObject({ reason: z.string().default('') }).nullish();

/** Of one answer. */
const pageLength = 200;

/** Files that people have uploaded into rooms; those of talks are nobody's business. */
export function addUploadRoutes(api: FastifyInstance, options: OperatorSource): void {
  api.get<{ Querystring: z.output<typeof query> }>(
    '/uploads',
    {
      schema: {
        ...{ tags: ['moderation'], security, querystring: query },
        summary: 'A page of files in rooms, by id; those under way have no type yet.',
      },
    },
    async (request) => {
      const { operators, operator } = await permittedAsker(
        request,
        options,
        'moderateText',
        'removeFile',
      );
      return operators.desk.uploads(operator, request.query.afterId, pageLength);
    },
  );
  api.delete<{ Params: z.output<typeof params>; Body: z.output<typeof body> }>(
    '/uploads/:uploadId',
    {
      schema: {
        ...{ tags: ['moderation'], security, params, body },
        summary: 'Takes a file away that was sent in a room.',
      },
    },
    async (request) => {
      const { operators, operator } = await askerOf(request, options);
      const { uploadId } = request.params;
      const roomId = operators.desk.roomOfUpload(uploadId);
      if (roomId === null) throw noSuchUpload;
      const reason = request.body?.reason ?? '';
      const type = FrameType.RemoveFile;
      const result = await operators.desk.run(operator, { type, roomId, uploadId, reason });
      if (result.refused) throw faultOfRefusal(result);
      return {};
    },
  );
}

const noSuchUpload = new ApiFault(404, 'noSuchFile', 'There is no such file in a room.');
