import { FrameType } from '@rookery/schemas/frameType';
import { permissions, permissionSet } from '@rookery/schemas/permissions';
import { roles } from '@rookery/schemas/roles';
import { z } from 'zod';
import { commandRoute, type CommandRoute } from './commandRoute.js';

/** Ids of users are hashes: no version of a UUID stands in them. */
const id = z.guid();
const count = z.number().int().nonnegative();
const maybe = <Type extends z.ZodType>(type: Type): z.ZodDefault<z.ZodNullable<Type>> =>
  type.nullable().default(null as never);
const grants = z
  .array(z.enum(permissions))
  .default([])
  .transform((names) => permissionSet(names));

const principal = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('everyone') }),
  z.strictObject({ type: z.literal('role'), role: z.enum(roles) }),
  z.strictObject({ type: z.literal('group'), groupId: id }),
  z.strictObject({ type: z.literal('user'), userId: id }),
]);
const entry = z.strictObject({
  principal,
  appliesHere: z.boolean().default(true),
  appliesBelow: z.boolean().default(true),
  ...{ grants, denies: grants },
});

/** Rooms, and who may do what in them. */
export const roomRoutes: readonly CommandRoute[] = [
  commandRoute('POST /rooms', {
    tag: 'rooms',
    summary: 'Makes a room below another one.',
    fields: { parentId: id, name: z.string(), isTemporary: z.boolean().default(false) },
    command: (given) => ({ type: FrameType.CreateRoom, ...given }),
  }),
  commandRoute('PATCH /rooms/:roomId', {
    tag: 'rooms',
    summary: 'Changes what is given of a room.',
    fields: {
      roomId: id,
      description: maybe(z.string()),
      position: maybe(z.number().int()),
      ...{
        userLimit: maybe(count),
        isTemporary: maybe(z.boolean()),
        isPrivate: maybe(z.boolean()),
      },
      ...{ frameMs: maybe(count), isFecOn: maybe(z.boolean()) },
      ...{ keepDays: maybe(count), keepMessages: maybe(count) },
      ...{ slowModeSeconds: maybe(count), isLocked: maybe(z.boolean()) },
    },
    command: (given) => ({ type: FrameType.EditRoom, ...given }),
  }),
  commandRoute('PUT /rooms/:roomId/name', {
    tag: 'rooms',
    summary: 'Gives a room another name.',
    fields: { roomId: id, name: z.string() },
    command: (given) => ({ type: FrameType.RenameRoom, ...given }),
  }),
  commandRoute('PUT /rooms/:roomId/parent', {
    tag: 'rooms',
    summary: 'Moves a room, with all below it, below another one.',
    fields: { roomId: id, parentId: id },
    command: (given) => ({ type: FrameType.MoveRoom, ...given }),
  }),
  commandRoute('PUT /rooms/:roomId/voice', {
    tag: 'rooms',
    summary: 'How the voice of a room is relayed.',
    fields: { roomId: id, speakersMax: count, bundleWindowMs: count, bitrate: count },
    command: (given) => ({ type: FrameType.SetRoomVoice, ...given }),
  }),
  commandRoute('DELETE /rooms/:roomId', {
    tag: 'rooms',
    summary: 'Takes a room away that nobody and no other room is in.',
    fields: { roomId: id },
    command: (given) => ({ type: FrameType.DeleteRoom, ...given }),
  }),
  commandRoute('PUT /rooms/:firstId/links/:secondId', {
    tag: 'rooms',
    summary: 'Has two rooms hear each other.',
    fields: { firstId: id, secondId: id },
    command: (given) => ({ type: FrameType.LinkRooms, ...given }),
  }),
  commandRoute('DELETE /rooms/:firstId/links/:secondId', {
    tag: 'rooms',
    summary: 'Ends that.',
    fields: { firstId: id, secondId: id },
    command: (given) => ({ type: FrameType.UnlinkRooms, ...given }),
  }),
  commandRoute('GET /rooms/:roomId/rules', {
    tag: 'rooms',
    summary: 'Who may do what in a room.',
    fields: { roomId: id },
    command: (given) => ({ type: FrameType.ReadRoomRules, ...given }),
  }),
  commandRoute('PUT /rooms/:roomId/rules', {
    tag: 'rooms',
    summary: 'Who may do what in a room from now on; `version` is of the rules that these replace.',
    fields: {
      ...{ roomId: id, version: count, entries: z.array(entry), inherits: z.boolean() },
      requiredRole: maybe(z.enum(roles)),
      password: maybe(z.string()),
    },
    command: (given) => ({ type: FrameType.SetRoomRules, ...given }),
  }),
  commandRoute('GET /rooms/:roomId/explain', {
    tag: 'rooms',
    summary: 'Whether somebody may do something in a room, and by which rule.',
    fields: { roomId: id, userId: id, permission: z.enum(permissions) },
    command: (given) => ({ type: FrameType.ExplainPermission, ...given }),
  }),
];
