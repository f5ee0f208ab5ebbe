import { bitrateMaxOf } from '@rookery/schemas/frameBitrate';
import type { RoomInfo, RoomProperties, RoomVoice } from '@rookery/schemas/messages';
import { defaultBundleWindowMs, defaultRoom, fieldLimits } from '@rookery/schemas/protocol';
import type { Role } from '@rookery/schemas/roles';

/** What a form of a room holds; a number that is not filled in is ''. */
export interface RoomDraft {
  name: string;
  description: string;
  position: number | '';
  userLimit: number | '';
  isTemporary: boolean;
  isPrivate: boolean;
  isLocked: boolean;
  slowModeSeconds: number | '';
  keepDays: number | '';
  keepMessages: number | '';
  frameMs: number;
  isFecOn: boolean;
  /** Kilobits a second. */
  bitrateKbps: number | '';
  speakersMax: number | '';
  /** '' for the server's own. */
  bundleWindowMs: number | '';
  requiredRole: Role | null;
  /** What becomes of the password. */
  passwordChange: 'keep' | 'set' | 'remove';
  password: string;
}

export type RoomField = keyof RoomDraft;

/** Why a field cannot be sent as it is; words are `admin.fault.NAME`. */
export interface FieldFault {
  readonly name: 'empty' | 'tooLong' | 'separator' | 'notInRange' | 'bitrateForFrame';
  readonly min: number;
  readonly max: number;
}

export type RoomFaults = Partial<Record<RoomField, FieldFault>>;

/** Fields that rules of the room hold and not the room itself. */
export interface RoomDoors {
  readonly requiredRole: Role | null;
}

/** A form of a room as it is; of a new one, where there is none. */
export function draftOf(room: RoomInfo | null, doors: RoomDoors | null): RoomDraft {
  const { bitrate, bundleWindowMs, ...shown } = room ?? { ...defaultRoom, name: '' };
  const { speakersMax, description, position, userLimit, isTemporary, isPrivate } = shown;
  const { isLocked, slowModeSeconds, keepDays, keepMessages, frameMs, isFecOn } = shown;
  return {
    ...{ name: shown.name, description, position, userLimit, isTemporary, isPrivate, isLocked },
    ...{ slowModeSeconds, keepDays, keepMessages, frameMs, isFecOn, speakersMax },
    bitrateKbps: bitrate / 1_000,
    bundleWindowMs: bundleWindowMs === defaultBundleWindowMs ? '' : bundleWindowMs,
    requiredRole: doors?.requiredRole ?? null,
    passwordChange: 'keep',
    password: '',
  };
}

/** Of whole numbers; both ends can be had. */
const ranges: Partial<Record<RoomField, readonly [min: number, max: number]>> = {
  position: [0, 0xffff],
  userLimit: [0, 0xffff],
  slowModeSeconds: [0, 0xffff],
  keepDays: [0, 0xffff],
  keepMessages: [0, 0xffff_ffff],
  speakersMax: [0, 0xffff],
  bitrateKbps: [fieldLimits.bitrateMin / 1_000, fieldLimits.bitrateMax / 1_000],
};

/** What the server would refuse; empty where it can be sent. */
export function faultsOf(draft: RoomDraft): RoomFaults {
  const faults: RoomFaults = {};
  for (const [field, range] of Object.entries(ranges) as [RoomField, readonly [number, number]][]) {
    if (!isInRange(draft[field], range)) faults[field] = notInRange(range);
  }
  const window = [0, fieldLimits.bundleWindowMsMax] as const;
  if (draft.bundleWindowMs !== '' && !isInRange(draft.bundleWindowMs, window)) {
    faults.bundleWindowMs = notInRange(window);
  }
  const kbpsMax = bitrateMaxOf(draft.frameMs) / 1_000;
  if (faults.bitrateKbps === undefined && Number(draft.bitrateKbps) > kbpsMax) {
    faults.bitrateKbps = { name: 'bitrateForFrame', min: draft.frameMs, max: kbpsMax };
  }
  const name = nameFault(draft.name);
  if (name !== null) faults.name = name;
  if (bytesOf(draft.description) > fieldLimits.roomDescriptionBytesMax) {
    faults.description = tooLong(fieldLimits.roomDescriptionBytesMax);
  }
  if (draft.passwordChange === 'set') {
    if (draft.password === '') faults.password = { name: 'empty', min: 1, max: 0 };
    if (bytesOf(draft.password) > fieldLimits.passwordBytesMax) {
      faults.password = tooLong(fieldLimits.passwordBytesMax);
    }
  }
  return faults;
}

/** What is to be sent: of what the user changed, and nothing that others may have changed. */
export interface RoomChange {
  readonly name: string | null;
  readonly properties: Partial<RoomProperties>;
  readonly voice: Partial<RoomVoice>;
  readonly requiredRole: Role | null | undefined;
  /** '' removes it; null keeps it. */
  readonly password: string | null;
}

/** @param draft without faults @param before the form as it was when it was opened */
export function changeBetween(before: RoomDraft, draft: RoomDraft): RoomChange {
  const properties = changedOf(before, draft, [
    ...(['description', 'position', 'userLimit', 'isTemporary', 'isPrivate'] as const),
    ...(['isLocked', 'slowModeSeconds', 'keepDays', 'keepMessages'] as const),
    ...(['frameMs', 'isFecOn'] as const),
  ]) as Partial<RoomProperties>;
  const { bitrateKbps, bundleWindowMs } = draft;
  const voice = {
    ...(before.speakersMax !== draft.speakersMax && { speakersMax: Number(draft.speakersMax) }),
    ...(before.bitrateKbps !== bitrateKbps && { bitrate: Number(bitrateKbps) * 1_000 }),
    ...(before.bundleWindowMs !== bundleWindowMs && {
      bundleWindowMs: bundleWindowMs === '' ? defaultBundleWindowMs : bundleWindowMs,
    }),
  };
  const passwords = { keep: null, set: draft.password, remove: '' } as const;
  return {
    name: before.name === draft.name ? null : draft.name.trim(),
    properties,
    voice,
    requiredRole: before.requiredRole === draft.requiredRole ? undefined : draft.requiredRole,
    password: passwords[draft.passwordChange],
  };
}

/** Whether nothing is to be sent. */
export function isNoChange({ name, properties, voice, ...doors }: RoomChange): boolean {
  return (
    name === null &&
    Object.keys(properties).length + Object.keys(voice).length === 0 &&
    doors.requiredRole === undefined &&
    doors.password === null
  );
}

/** How many bytes of UTF-8 a text is. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Why a text cannot be the name of a room or a group; null where it can. */
export function nameFault(text: string): FieldFault | null {
  const name = text.trim();
  if (name === '') return { name: 'empty', min: 1, max: 0 };
  if (name.includes('/')) return { name: 'separator', min: 0, max: 0 };
  const { roomNameCharactersMax, roomNameBytesMax } = fieldLimits;
  const characters = Array.from(name).length;
  const isLong = characters > roomNameCharactersMax || bytesOf(name) > roomNameBytesMax;
  return isLong ? tooLong(roomNameCharactersMax) : null;
}

function changedOf<Name extends RoomField>(
  before: RoomDraft,
  draft: RoomDraft,
  names: readonly Name[],
): Partial<Pick<RoomDraft, Name>> {
  const changed = names.filter((name) => before[name] !== draft[name]);
  return Object.fromEntries(changed.map((name) => [name, draft[name]])) as Partial<
    Pick<RoomDraft, Name>
  >;
}

function isInRange(value: RoomDraft[RoomField], [min, max]: readonly [number, number]): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function notInRange([min, max]: readonly [number, number]): FieldFault {
  return { name: 'notInRange', min, max };
}

function tooLong(max: number): FieldFault {
  return { name: 'tooLong', min: 0, max };
}
