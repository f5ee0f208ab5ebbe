import type { OwnPermissions } from '@rookery/client/engine/access';
import type { Permission } from '@rookery/schemas/permissions';
import { isAtLeast, type Role } from '@rookery/schemas/roles';

/**
 * Whether the own user may likely do something somewhere: of the own room and of the server it is
 * known, of other rooms only the server can tell. For what is offered in menus; who is refused is
 * told why.
 */
export function mayLikely(own: OwnPermissions, permission: Permission): boolean {
  const isTold = own.here.includes(permission) || own.server.includes(permission);
  return isTold || isAtLeast(own.role, 'admin');
}

/**
 * Whether the own user likely stands above somebody: nobody moderates who is as high as oneself, or
 * higher.
 *
 * @param theirs null where it is not known: then only the server can tell
 */
export function isAboveLikely(own: OwnPermissions, theirs: Role | null): boolean {
  return theirs === null || !isAtLeast(theirs, own.role);
}
