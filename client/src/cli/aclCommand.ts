import type { AclEntry, Principal, RoomRulesInfo } from '@rookery/schemas/messages';
import { namesIn, permissionSet, type Permission } from '@rookery/schemas/permissions';
import { roles, type Role } from '@rookery/schemas/roles';
import { isDeepStrictEqual } from 'node:util';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';
import { findGroup } from './groupsCommand.js';
import type { Output } from './output.js';
import { requireRoom, runSession, type SessionOptions } from './session.js';
import { findUser } from './userTarget.js';

/** What `rookery acl` changes; nothing of it shows the rules. */
export interface AclOptions {
  readonly for?: string;
  readonly grant?: readonly string[];
  readonly deny?: readonly string[];
  readonly here?: true;
  readonly below?: true;
  /** Absent unless said. */
  readonly inherit?: boolean;
  readonly require?: Role | 'none';
  readonly roomPassword?: string;
}

interface NamedPermissions {
  readonly grants: readonly Permission[];
  readonly denies: readonly Permission[];
}

/** Changes the rules of a room as far as something is asked, and prints them. */
export async function showOrChangeAcl(
  options: SessionOptions & AclOptions,
  path: readonly string[],
  named: NamedPermissions,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId } = requireRoom(engine, path);
    const before = await engine.access.readRules(roomId);
    const { version } = before;
    const entries = await entriesAfter(engine, before, options, named);
    const inherits = options.inherit ?? before.inherits;
    const requiredRole = roleAfter(before.requiredRole, options.require);
    const password = options.roomPassword ?? null;
    const isSame =
      password === null &&
      isDeepStrictEqual(
        [entries, inherits, requiredRole],
        [before.entries, before.inherits, before.requiredRole],
      );
    if (!isSame) {
      await engine.access.setRules({ roomId, version, entries, inherits, requiredRole, password });
    }
    printRules(isSame ? before : await engine.access.readRules(roomId), output);
  });
}

/** Prints whether somebody may do something, and the rule that decides. */
export async function explainPermission(
  options: SessionOptions,
  asked: { readonly user: string; readonly permission: Permission; readonly room: string[] },
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { roomId } = requireRoom(engine, asked.room);
    const userId = await findUser(engine, asked.user);
    const { allowed, text } = await engine.access.explain(userId, asked.permission, roomId);
    output.result({ event: 'explanation', allowed, text }, text);
  });
}

function roleAfter(before: Role | null, asked: Role | 'none' | undefined): Role | null {
  if (asked === undefined) return before;
  return asked === 'none' ? null : asked;
}

async function entriesAfter(
  engine: Engine,
  { roomId, entries }: RoomRulesInfo,
  options: AclOptions,
  { grants, denies }: NamedPermissions,
): Promise<readonly AclEntry[]> {
  if (options.for === undefined) {
    if (grants.length + denies.length === 0) return entries;
    throw new ClientError('invalidInput', 'say --for whom: everyone, role:…, group:… or user:…');
  }
  const principal = await principalOf(engine, roomId, options.for);
  const others = entries.filter((entry) => !isDeepStrictEqual(entry.principal, principal));
  // An entry that says nothing is one that is taken away.
  if (grants.length + denies.length === 0) return others;
  const isOne = options.here === true || options.below === true;
  const entry: AclEntry = {
    principal,
    appliesHere: !isOne || options.here === true,
    appliesBelow: !isOne || options.below === true,
    grants: permissionSet(grants),
    denies: permissionSet(denies),
  };
  return [...others, entry];
}

async function principalOf(engine: Engine, roomId: string, whom: string): Promise<Principal> {
  if (whom === 'everyone') return { type: 'everyone' };
  const [kind, ...rest] = whom.split(':');
  const name = rest.join(':');
  if (kind === 'user') return { type: 'user', userId: await findUser(engine, name) };
  const role = roles.find((known) => known === name);
  if (kind === 'role' && role !== undefined) return { type: 'role', role };
  if (kind === 'group') {
    return { type: 'group', groupId: await findGroup(engine, roomId, name) };
  }
  throw new ClientError('invalidInput', `"${whom}" is nobody: everyone, role:…, group:… or user:…`);
}

function printRules(rules: RoomRulesInfo, output: Output): void {
  const { entries, inherits, requiredRole, hasPassword, names } = rules;
  const nameOf = (id: string): string => names.find((known) => known.id === id)?.name || id;
  entries.forEach((entry, index) => {
    const grants = namesIn(entry.grants);
    const denies = namesIn(entry.denies);
    const { principal, appliesHere, appliesBelow } = entry;
    const where = [appliesHere ? 'here' : '', appliesBelow ? 'below' : ''].filter(Boolean);
    const said = [
      grants.length === 0 ? '' : `grants ${grants.join(', ')}`,
      denies.length === 0 ? '' : `denies ${denies.join(', ')}`,
    ];
    const whom = principalWords(principal, nameOf);
    const words = `${index + 1}. ${whom} (${where.join(', ')}): ${said.filter(Boolean).join('; ')}`;
    output.result(
      { event: 'aclEntry', principal, appliesHere, appliesBelow, grants, denies },
      words,
    );
  });
  const inherited = inherits ? 'inherits from above' : 'inherits nothing';
  const doors = `${requiredRole ?? 'no role'} required, ${hasPassword ? 'a' : 'no'} password`;
  output.result({ event: 'rules', inherits, requiredRole, hasPassword }, `${inherited}; ${doors}`);
}

function principalWords(principal: Principal, nameOf: (id: string) => string): string {
  switch (principal.type) {
    case 'everyone':
      return 'everyone';
    case 'role':
      return `role ${principal.role}`;
    case 'group':
      return `group ${nameOf(principal.groupId)}`;
    case 'user':
      return `user ${nameOf(principal.userId)}`;
  }
}
