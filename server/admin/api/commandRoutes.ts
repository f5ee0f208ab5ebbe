import { FrameType } from '@rookery/schemas/frameType';
import { permissions, permissionSet } from '@rookery/schemas/permissions';
import { roles } from '@rookery/schemas/roles';
import { z } from 'zod';
import { registrationCalled, registrationNames } from '../../accounts/registrationNames.js';
import { commandRoute, type CommandRoute } from './commandRoute.js';
import { roomRoutes } from './roomRoutes.js';

/** Ids of users are hashes: no version of a UUID stands in them. */
const id = z.guid();
const reason = z.string().default('');
const role = z.enum(roles);
/** Entries before this one; without it the newest. */
const beforeId = id.nullable().default(null);
const grants = z.array(z.enum(permissions)).transform((names) => permissionSet(names));

/** All that an operator may ask for or do, each by the command that clients have for it. */
export const commandRoutes: readonly CommandRoute[] = [
  ...roomRoutes,
  commandRoute('POST /users/:userId/kick', {
    tag: 'moderation',
    summary: 'Has somebody leave the server; the user may come back.',
    fields: { userId: id, reason },
    command: (given) => ({ type: FrameType.Kick, ...given }),
  }),
  commandRoute('POST /users/:userId/moderate', {
    tag: 'moderation',
    summary: 'Mutes, deafens or suppresses somebody, or lets the user speak before others.',
    fields: {
      userId: id,
      muted: z.boolean().nullable().default(null),
      deafened: z.boolean().nullable().default(null),
      suppressed: z.boolean().nullable().default(null),
      prioritySpeaker: z.boolean().nullable().default(null),
      reason,
    },
    command: (given) => ({ type: FrameType.ModerateUser, ...given }),
  }),
  commandRoute('POST /users/:userId/move', {
    tag: 'moderation',
    summary: 'Takes somebody into another room.',
    fields: { userId: id, roomId: id, reason },
    command: (given) => ({ type: FrameType.MoveUser, ...given }),
  }),
  commandRoute('GET /bans', {
    tag: 'moderation',
    summary: 'A page of bans, the newest first.',
    fields: { beforeId },
    command: (given) => ({ type: FrameType.ReadBans, ...given }),
  }),
  commandRoute('POST /bans', {
    tag: 'moderation',
    summary: 'Keeps a user, addresses, or both from coming in.',
    fields: {
      userId: id.nullable().default(null),
      address: z.string().default(''),
      withAddress: z.boolean().default(false),
      durationSeconds: z.number().int().nonnegative().default(0),
      reason,
    },
    command: (given) => ({ type: FrameType.Ban, ...given }),
  }),
  commandRoute('DELETE /bans/:banId', {
    tag: 'moderation',
    summary: 'Lifts a ban.',
    fields: { banId: id },
    command: (given) => ({ type: FrameType.Unban, ...given }),
  }),
  commandRoute('GET /reports', {
    tag: 'moderation',
    summary: 'A page of reported messages, the newest first.',
    fields: { beforeId, withResolved: z.stringbool().default(false) },
    command: (given) => ({ type: FrameType.ReadReports, ...given }),
  }),
  commandRoute('POST /reports/:reportId/resolve', {
    tag: 'moderation',
    summary: 'Says what became of a report.',
    fields: { reportId: id, resolution: z.string() },
    command: (given) => ({ type: FrameType.ResolveReport, ...given }),
  }),
  commandRoute('DELETE /rooms/:roomId/files/:uploadId', {
    tag: 'moderation',
    summary: 'Takes a file away that was sent in a room.',
    fields: { roomId: id, uploadId: id, reason },
    command: (given) => ({ type: FrameType.RemoveFile, ...given }),
  }),
  commandRoute('DELETE /rooms/:roomId/messages/:messageId', {
    tag: 'moderation',
    summary: 'Takes a message away that was written in a room.',
    fields: { roomId: id, messageId: id },
    command: (given) => ({ type: FrameType.DeleteMessage, ...given }),
  }),
  commandRoute('GET /audit', {
    tag: 'server',
    summary: 'A page of who did what to whom, the newest first.',
    fields: { beforeId, count: z.coerce.number().int().min(1).default(50) },
    command: (given) => ({ type: FrameType.ReadAudit, ...given }),
  }),
  commandRoute('PUT /message-of-the-day', {
    tag: 'server',
    summary: 'What everybody is told who comes in; empty for nothing.',
    fields: { text: z.string() },
    command: (given) => ({ type: FrameType.SetMessageOfTheDay, ...given }),
  }),
  commandRoute('PUT /registration', {
    tag: 'server',
    summary: 'How those come in who are not registered.',
    fields: { registration: z.enum(registrationNames) },
    command: ({ registration }) => ({
      type: FrameType.SetRegistration,
      registration: registrationCalled(registration),
    }),
  }),
  commandRoute('GET /users', {
    tag: 'accounts',
    summary: 'A page of those who were given a role, and what each role grants.',
    fields: { afterId: id.nullable().default(null) },
    command: (given) => ({ type: FrameType.ReadRoles, ...given }),
  }),
  commandRoute('PUT /users/:userId/role', {
    tag: 'accounts',
    summary: 'Gives somebody a role.',
    fields: { userId: id, role },
    command: (given) => ({ type: FrameType.SetRole, ...given }),
  }),
  commandRoute('DELETE /users/:userId/password', {
    tag: 'accounts',
    summary: 'Removes the password of an account whose owner has forgotten it.',
    fields: { userId: id },
    command: (given) => ({
      ...{ type: FrameType.SetAccountPassword, ...given },
      ...{ currentPassword: '', newPassword: '' },
    }),
  }),
  commandRoute('PUT /roles/:role/grants', {
    tag: 'accounts',
    summary: 'What a role grants.',
    fields: { role, grants },
    command: (given) => ({ type: FrameType.SetGrants, ...given }),
  }),
  commandRoute('GET /groups', {
    tag: 'accounts',
    summary: 'Groups of the server, or of a room.',
    fields: { roomId: id.nullable().default(null) },
    command: (given) => ({ type: FrameType.ReadGroups, ...given }),
  }),
  commandRoute('POST /groups', {
    tag: 'accounts',
    summary: 'Makes a group, of the server or of a room.',
    fields: {
      roomId: id.nullable().default(null),
      ...{ name: z.string(), grants, memberIds: z.array(id) },
    },
    command: (given) => ({ type: FrameType.PutGroup, groupId: null, ...given }),
  }),
  commandRoute('PUT /groups/:groupId', {
    tag: 'accounts',
    summary: 'A group as it is to be.',
    fields: {
      ...{ groupId: id, roomId: id.nullable().default(null) },
      ...{ name: z.string(), grants, memberIds: z.array(id) },
    },
    command: (given) => ({ type: FrameType.PutGroup, ...given }),
  }),
  commandRoute('DELETE /groups/:groupId', {
    tag: 'accounts',
    summary: 'Takes a group away.',
    fields: { groupId: id },
    command: (given) => ({ type: FrameType.RemoveGroup, ...given }),
  }),
  commandRoute('GET /invites', {
    tag: 'accounts',
    summary: 'Invitations that are good.',
    fields: {},
    command: () => ({ type: FrameType.ReadInvites }),
  }),
  commandRoute('POST /invites', {
    tag: 'accounts',
    summary: 'Makes an invitation.',
    fields: {
      role: z.enum(['member', 'moderator', 'admin']).default('member'),
      usesMax: z.number().int().nonnegative().default(1),
      validSeconds: z
        .number()
        .int()
        .nonnegative()
        .default(7 * 86_400),
      note: z.string().default(''),
    },
    command: (given) => ({ type: FrameType.MakeInvite, ...given }),
  }),
  commandRoute('DELETE /invites/:inviteId', {
    tag: 'accounts',
    summary: 'Withdraws an invitation.',
    fields: { inviteId: id },
    command: (given) => ({ type: FrameType.WithdrawInvite, ...given }),
  }),
  commandRoute('GET /requests', {
    tag: 'accounts',
    summary: 'Those who wait to be let in.',
    fields: {},
    command: () => ({ type: FrameType.ReadRequests }),
  }),
  commandRoute('POST /requests/:userId/approve', {
    tag: 'accounts',
    summary: 'Lets somebody in.',
    fields: { userId: id },
    command: (given) => ({ type: FrameType.RegisterUser, ...given }),
  }),
  commandRoute('POST /requests/:userId/deny', {
    tag: 'accounts',
    summary: 'Does not let somebody in.',
    fields: { userId: id },
    command: (given) => ({ type: FrameType.DenyRequest, ...given }),
  }),
];
