import type { Builder, Offset } from 'flatbuffers';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { allPermissions, permissions, type Permission } from '../permissions.js';
import { fieldLimits } from '../protocol.js';
import { ProtocolError } from '../protocolError.js';
import { roles, type Role } from '../roles.js';
import { enumField, idField, integerField, optional, textField, utf8Bytes } from './fields.js';

/** Fields that several messages of access have. */

const checkRole = enumField('role', tables.Role);
const checkPrincipal = enumField('principal', tables.PrincipalType);
const checkPermission = integerField('permission', 0, permissions.length - 1);
const grants = integerField('grants', 0, allPermissions);
const denies = integerField('denies', 0, allPermissions);
const entryId = optional(idField('id'));
const nameId = idField('id');
const nameText = textField('name', fieldLimits.roomNameBytesMax);

const wireRoles: Readonly<Record<Role, tables.Role>> = {
  guest: tables.Role.Guest,
  member: tables.Role.Member,
  moderator: tables.Role.Moderator,
  admin: tables.Role.Admin,
  owner: tables.Role.Owner,
};

/** A set of permissions. */
export const permissionSetField = grants;

export const roleField = {
  /** @throws ProtocolError 'invalidField' */
  read: (raw: tables.Role): Role => {
    const role = optionalRoleField.read(raw);
    if (role === null) throw new ProtocolError('invalidField', 'role is missing');
    return role;
  },
  write: (role: Role): tables.Role => wireRoles[role],
};

export const optionalRoleField = {
  /** @throws ProtocolError 'invalidField' */
  read: (raw: tables.Role): Role | null => roles[checkRole(raw) - 1] ?? null,
  write: (role: Role | null): tables.Role =>
    role === null ? tables.Role.None : roleField.write(role),
};

export const permissionField = {
  /** @throws ProtocolError 'invalidField' */
  read: (place: number): Permission => permissions[checkPermission(place)]!,
  write: (permission: Permission): number => permissions.indexOf(permission),
};

export function readEntry(table: tables.AclEntry): messages.AclEntry {
  return {
    principal: readPrincipal(table),
    appliesHere: table.appliesHere(),
    appliesBelow: table.appliesBelow(),
    grants: grants(table.grants()),
    denies: denies(table.denies()),
  };
}

export function writeEntry(builder: Builder, entry: messages.AclEntry): Offset {
  const { principal } = entry;
  const id = entryId.write(builder, idOf(principal));
  return tables.AclEntry.createAclEntry(
    builder,
    principalTypes[principal.type],
    optionalRoleField.write(principal.type === 'role' ? principal.role : null),
    id,
    entry.appliesHere,
    entry.appliesBelow,
    grants(entry.grants),
    denies(entry.denies),
  );
}

export function readName(table: tables.AccessName): messages.AccessName {
  return { id: nameId.read(table.idArray()), name: nameText.read(table.name(utf8Bytes)) };
}

export function writeName(builder: Builder, { id, name }: messages.AccessName): Offset {
  return tables.AccessName.createAccessName(
    builder,
    nameId.write(builder, id),
    nameText.write(builder, name),
  );
}

const principalTypes = {
  everyone: tables.PrincipalType.Everyone,
  role: tables.PrincipalType.Role,
  group: tables.PrincipalType.Group,
  user: tables.PrincipalType.User,
} as const;

function readPrincipal(table: tables.AclEntry): messages.Principal {
  const id = entryId.read(table.idArray());
  const role = optionalRoleField.read(table.role());
  const type = checkPrincipal(table.principal());
  if (type === tables.PrincipalType.Everyone && id === null && role === null) {
    return { type: 'everyone' };
  }
  if (type === tables.PrincipalType.Role && id === null && role !== null) {
    return { type: 'role', role };
  }
  if (type === tables.PrincipalType.Group && id !== null && role === null) {
    return { type: 'group', groupId: id };
  }
  if (type === tables.PrincipalType.User && id !== null && role === null) {
    return { type: 'user', userId: id };
  }
  throw new ProtocolError('invalidField', 'principal does not fit its role and id');
}

function idOf(principal: messages.Principal): string | null {
  if (principal.type === 'group') return principal.groupId;
  return principal.type === 'user' ? principal.userId : null;
}
