import { fieldLimits, frameLengthsMs } from '../protocol.js';
import { ProtocolError } from '../protocolError.js';
import { integerField, textField } from './fields.js';

/** Fields of what is set of a room, where it is asked for and where it is told. */

export const description = textField('description', fieldLimits.roomDescriptionBytesMax);

export const position = integerField('position', 0, 0xffff);

export const userLimit = integerField('userLimit', 0, 0xffff);

export const keepDays = integerField('keepDays', 0, 0xffff);

export const keepMessages = integerField('keepMessages', 0, 0xffff_ffff);

export const slowModeSeconds = integerField('slowModeSeconds', 0, 0xffff);

export function frameMs(value: number): number {
  if (frameLengthsMs.includes(value)) return value;
  const known = frameLengthsMs.join(', ');
  throw new ProtocolError('invalidField', `frameMs is ${value}, not one of ${known}`);
}
