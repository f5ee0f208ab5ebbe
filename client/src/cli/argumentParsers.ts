import { InvalidArgumentError } from 'commander';
import {
  displayNameLimits,
  normaliseDescription,
  normaliseName,
  roomNameLimits,
} from '@rookery/schemas/names';
import {
  defaultBundleWindowMs,
  defaultRoomVoice,
  fieldLimits,
  frameLengthsMs,
} from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import type { ChaosSettings } from '../engine/audio/tools/chaos.js';
import { ClientError } from '../engine/clientError.js';
import { parseFingerprint } from '../engine/fingerprint.js';
import { parseIdentityName } from '../engine/identityChoice.js';
import { parseInviteLink, type InviteLink } from '../engine/inviteLink.js';
import { parseServerAddress, type ServerAddress } from '../engine/serverAddress.js';
import { parseRoomPath } from '../engine/view.js';
import { parseAdminTarget, type AdminTarget } from './admin/adminTarget.js';
import { parseChaos } from './parseChaos.js';

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
export const adminTargetArgument: (text: string) => AdminTarget = refusing(parseAdminTarget);
export const inviteLinkArgument: (text: string) => InviteLink = refusing(parseInviteLink);
export const roomPathArgument: (text: string) => string[] = refusing(parseRoomPath);
export const fingerprintArgument: (text: string) => string = refusing(parseFingerprint);
export const identityNameArgument: (text: string) => string = refusing(parseIdentityName);
export const displayNameArgument: (text: string) => string = refusing((text) =>
  normaliseName(text, displayNameLimits),
);
export const chaosArgument: (text: string) => ChaosSettings = refusing(parseChaos);
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

/** The names of a repeated option, in their order. */
export function repeatedArgument(text: string, before: readonly string[] = []): string[] {
  return [...before, text.trim()];
}

/** Seconds, 0 allowed. */
export function secondsOrNoneArgument(text: string): number {
  return /^0+(\.0+)?$/.test(text) ? 0 : secondsArgument(text);
}

export function portArgument(text: string): number {
  return wholeNumber(text, 1, 65_535);
}

/** What `--OPTION PATH NUMBER` asks of a room; the value is null until it is read. */
export interface RoomSetting {
  readonly path: readonly string[];
  readonly value: number | null;
}

/** Takes the values of `--cap` one after the other. */
export const capArgument = settingArgument(shortNumberArgument);

/** Takes the values of `--bundle-window` one after the other. */
export const bundleWindowArgument = settingArgument((text) =>
  text === 'default' ? defaultBundleWindowMs : wholeNumber(text, 0, fieldLimits.bundleWindowMsMax),
);

/** Takes the values of `--bitrate` one after the other; kb/s are given, b/s are what it holds. */
export const bitrateArgument = settingArgument((text) =>
  text === 'default'
    ? defaultRoomVoice.bitrate
    : wholeNumber(text, fieldLimits.bitrateMin / 1_000, fieldLimits.bitrateMax / 1_000) * 1_000,
);

function settingArgument(
  valueOf: (text: string) => number,
): (text: string, before?: RoomSetting) => RoomSetting {
  return (text, before) => {
    if (before === undefined) return { path: roomPathArgument(text), value: null };
    if (before.value === null) return { path: before.path, value: valueOf(text) };
    throw new InvalidArgumentError('Give a path and one number; quote a path with spaces.');
  };
}

function wholeNumber(text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (value < min || value > max) {
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  }
  return value;
}

/** What `--OPTION PATH PATH` names; the second is null until it is read. */
export interface RoomPair {
  readonly first: readonly string[];
  readonly second: readonly string[] | null;
}

/** Takes the values of an option that names two rooms, one after the other. */
export function roomPairArgument(text: string, before?: RoomPair): RoomPair {
  const path = roomPathArgument(text);
  if (before === undefined) return { first: path, second: null };
  if (before.second === null) return { first: before.first, second: path };
  throw new InvalidArgumentError('Give two paths; quote those with spaces.');
}

/** A number that a field of 16 bits holds. */
export function shortNumberArgument(text: string): number {
  return wholeNumber(text, 0, 65_535);
}

/** A number that a field of 32 bits holds. */
export function longNumberArgument(text: string): number {
  return wholeNumber(text, 0, 0xffff_ffff);
}

/** Milliseconds of a room's frames. */
export function frameArgument(text: string): number {
  const frameMs = Number(text);
  if (frameLengthsMs.includes(frameMs)) return frameMs;
  throw new InvalidArgumentError(`Give one of ${frameLengthsMs.join(', ')} ms.`);
}

export const descriptionArgument: (text: string) => string = refusing(normaliseDescription);

/** The paths of a repeated option, in their order. */
export function repeatedRoomPathArgument(
  text: string,
  before: readonly (readonly string[])[] = [],
): readonly (readonly string[])[] {
  return [...before, roomPathArgument(text)];
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
