import type { RoomProperties } from '@rookery/schemas/messages';
import { normaliseDescription, normaliseName, roomNameLimits } from '@rookery/schemas/names';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { ClientError } from './clientError.js';

/**
 * What a person wrote as the name of a room, as rooms have it.
 *
 * @throws ClientError `invalidInput` saying what is wrong with it
 */
export function roomName(text: string): string {
  try {
    return normaliseName(text, roomNameLimits);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new ClientError('invalidInput', `invalid room name "${text}": ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * The description of a room's properties as rooms have it; nothing where they have none.
 *
 * @throws ClientError `invalidInput` saying what is wrong with it
 */
export function normalisedDescription({ description }: Partial<RoomProperties>) {
  if (description === undefined) return {};
  try {
    return { description: normaliseDescription(description) };
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new ClientError('invalidInput', `invalid ${cause.message}`, { cause });
  }
}
