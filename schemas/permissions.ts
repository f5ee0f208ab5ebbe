/**
 * What can be permitted, as in docs/permissions.md. The place of a name is its bit, so new ones
 * come last.
 */
export const permissions = [
  'traverse',
  'enter',
  'speak',
  'whisper',
  'listen',
  'text',
  'upload',
  'react',
  'createRoom',
  'createTemporaryRoom',
  'editRoom',
  'moveRoom',
  'deleteRoom',
  'link',
  'editAcl',
  'muteOthers',
  'deafenOthers',
  'moveUsers',
  'prioritySpeaker',
  'kick',
  'ban',
  'register',
  'manageInvites',
  'viewAddresses',
  'administer',
  'moderateText',
  'record',
] as const;

export type Permission = (typeof permissions)[number];

/** Bit n stands for `permissions[n]`. Never negative: there are fewer than 32. */
export type PermissionSet = number;

export const noPermissions: PermissionSet = 0;
export const allPermissions: PermissionSet = 2 ** permissions.length - 1;

const bits = new Map(permissions.map((name, place) => [name, 1 << place]));

/** The set of one permission. */
export function bitOf(permission: Permission): PermissionSet {
  return bits.get(permission)!;
}

export function permissionSet(names: Iterable<Permission>): PermissionSet {
  let set = noPermissions;
  for (const name of names) set |= bitOf(name);
  return set;
}

/** In the order of `permissions`. */
export function namesIn(set: PermissionSet): Permission[] {
  return permissions.filter((name) => includes(set, name));
}

export function includes(set: PermissionSet, permission: Permission): boolean {
  return (set & bitOf(permission)) !== 0;
}

/** Permissions that belong to no room: they are answered for the root. */
export const serverPermissions = permissionSet([
  'kick',
  'ban',
  'register',
  'manageInvites',
  'viewAddresses',
  'administer',
]);

export const roomPermissions: PermissionSet = allPermissions & ~serverPermissions;

/** What a required role and a password keep people from. */
export const permissionsBehindDoors = permissionSet([
  'enter',
  'speak',
  'whisper',
  'listen',
  'text',
  'upload',
  'react',
  'prioritySpeaker',
  'moderateText',
  'record',
]);
