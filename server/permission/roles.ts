import { allPermissions, permissionSet, type PermissionSet } from './permissions.js';

/** From the lowest to the highest. Everybody has exactly one. */
export const roles = ['guest', 'member', 'moderator', 'admin', 'owner'] as const;

export type Role = (typeof roles)[number];

/** Whether a role is the required one, or above it. */
export function isAtLeast(role: Role, required: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(required);
}

const guest = permissionSet(['traverse', 'enter', 'speak', 'listen', 'text', 'react']);
const member = guest | permissionSet(['whisper', 'upload', 'createTemporaryRoom']);
const moderator =
  member |
  permissionSet([
    'createRoom',
    'editRoom',
    'link',
    'muteOthers',
    'deafenOthers',
    'moveUsers',
    'prioritySpeaker',
    'kick',
    'ban',
    'register',
  ]);

/** What each role grants on a server that has not changed it. */
export const defaultGrants: Readonly<Record<Role, PermissionSet>> = {
  guest,
  member,
  moderator,
  admin: allPermissions,
  owner: allPermissions,
};
