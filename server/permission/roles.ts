import { allPermissions, permissionSet, type PermissionSet } from '@rookery/schemas/permissions';
import type { Role } from '@rookery/schemas/roles';

const guest = permissionSet(['traverse', 'enter', 'speak', 'listen', 'text', 'react', 'record']);
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
    'moderateText',
  ]);

/** What each role grants on a server that has not changed it. */
export const defaultGrants: Readonly<Record<Role, PermissionSet>> = {
  guest,
  member,
  moderator,
  admin: allPermissions,
  owner: allPermissions,
};
