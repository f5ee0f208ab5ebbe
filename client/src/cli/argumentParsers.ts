import { InvalidArgumentError } from 'commander';
import { displayNameLimits, normaliseName, roomNameLimits } from '@rookery/schemas/names';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { ClientError } from '../engine/clientError.js';
import { parseFingerprint } from '../engine/fingerprint.js';
import { parseServerAddress, type ServerAddress } from '../engine/serverAddress.js';
import { parseRoomPath } from '../engine/view.js';

/** A day; longer than any use, and far below what a timer of Node takes. */
const secondsMax = 86_400;

/** What commander shows for a value that cannot be, in the words of the part that refused it. */
function refusing<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof ClientError || error instanceof ProtocolError)) throw error;
      throw new InvalidArgumentError(error.message);
    }
  };
}

export const serverArgument: (text: string) => ServerAddress = refusing(parseServerAddress);
export const roomPathArgument: (text: string) => string[] = refusing(parseRoomPath);
export const fingerprintArgument: (text: string) => string = refusing(parseFingerprint);
export const displayNameArgument: (text: string) => string = refusing((text) =>
  normaliseName(text, displayNameLimits),
);
const roomNameArgument: (text: string) => string = refusing((text) =>
  normaliseName(text, roomNameLimits),
);

/** Seconds above 0, fractions allowed. */
export function secondsArgument(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds <= 0 || seconds > secondsMax) {
    throw new InvalidArgumentError(`Give seconds: a number above 0, at most ${secondsMax}.`);
  }
  return seconds;
}

/** The path of a room that is not the root: it can be made, renamed and deleted. */
export function innerRoomPathArgument(text: string): string[] {
  const path = roomPathArgument(text);
  if (path.length < 2) {
    throw new InvalidArgumentError('Give the whole path from the root, like Lobby/Games.');
  }
  return path;
}

/** What `--rename PATH NAME` asks for; the name is null until it is read. */
export interface RenameRequest {
  readonly path: readonly string[];
  readonly name: string | null;
}

/** Takes the values of `--rename` one after the other. */
export function renameArgument(text: string, before?: RenameRequest): RenameRequest {
  if (before === undefined) return { path: innerRoomPathArgument(text), name: null };
  if (before.name === null) return { path: before.path, name: roomNameArgument(text) };
  throw new InvalidArgumentError('Give a path and one name; quote a name with spaces.');
}
