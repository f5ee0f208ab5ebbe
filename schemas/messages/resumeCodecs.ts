import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { bytesField, integerField } from './fields.js';

const ticket = bytesField('ticket', 32);
const validSeconds = integerField('validSeconds', 0, 0xffffffff);

/** What lets a client come back (control/resume.fbs). */
export const resumeCodecs: CodecTable<messages.ResumeTicket['type']> = {
  [FrameType.ResumeTicket]: defineCodec<messages.ResumeTicket, tables.ResumeTicket>(
    tables.Payload.ResumeTicket,
    tables.ResumeTicket,
    (table) => ({
      type: FrameType.ResumeTicket,
      ticket: ticket.read(table.ticketArray()),
      validSeconds: table.validSeconds(),
    }),
    (builder, message) =>
      tables.ResumeTicket.createResumeTicket(
        builder,
        ticket.write(builder, message.ticket),
        validSeconds(message.validSeconds),
      ),
  ),
};
