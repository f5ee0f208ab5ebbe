import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type { ErrorMessage } from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { enumField, textField, utf8Bytes } from './fields.js';

const code = enumField('code', tables.ErrorCode);
const note = textField('message', fieldLimits.noteBytesMax);

/** Why a request was refused (control/envelope.fbs). */
export const errorCodecs: CodecTable<ErrorMessage['type']> = {
  [FrameType.Error]: defineCodec<ErrorMessage, tables.Error>(
    tables.Payload.Error,
    tables.Error,
    (table) => ({
      type: FrameType.Error,
      code: code(table.code()),
      message: note.read(table.message(utf8Bytes)),
    }),
    (builder, message) =>
      tables.Error.createError(builder, code(message.code), note.write(builder, message.message)),
  ),
};
