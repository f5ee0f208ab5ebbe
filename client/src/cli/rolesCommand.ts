import type { RoleList, UserRole, Uuid } from '@rookery/schemas/messages';
import { namesIn, permissionSet, type Permission } from '@rookery/schemas/permissions';
import { roles, type Role } from '@rookery/schemas/roles';
import type { Engine } from '../engine/engine.js';
import { whereWords } from './memberWords.js';
import type { Output } from './output.js';
import { runSession, type SessionOptions } from './session.js';
import { findUser } from './userTarget.js';

/**
 * Prints those who were given a role and have a text in their name, whatever its case; where they
 * are, as far as the server shows it.
 */
export async function showUsers(
  options: SessionOptions,
  search: string,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { everyoneIs, users } = await readAll(engine);
    const wanted = search.toLowerCase();
    const { view } = engine.state;
    const present = new Map([...view.sessions.values()].map((one) => [one.userId, one]));
    for (const user of users.filter(({ name }) => name.toLowerCase().includes(wanted))) {
      const session = present.get(user.userId) ?? null;
      const where = session === null ? '' : `  ${whereWords(view, session)}`;
      output.result(
        { event: 'user', ...user, session },
        `${user.role.padEnd(9)}  ${user.name}  ${user.userId}${where}`,
      );
    }
    output.progress({ event: 'everyone', role: everyoneIs }, `everybody else is ${everyoneIs}`);
  });
}

/** Prints what each role grants. */
export async function showRoles(options: SessionOptions, output: Output): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const { grants } = await engine.access.readRoles();
    roles.forEach((role, place) => {
      const names = namesIn(grants[place] ?? 0);
      output.result({ event: 'role', role, grants: names }, `${role}: ${names.join(', ')}`);
    });
  });
}

export async function giveRole(
  options: SessionOptions,
  user: string,
  role: Role,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const userId = await findUser(engine, user);
    await engine.access.setRole(userId, role);
    output.result({ event: 'roleSet', userId, role }, `${user} is ${role} now`);
  });
}

export async function setGrants(
  options: SessionOptions,
  role: Role,
  names: readonly Permission[],
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    await engine.access.setGrants(role, permissionSet(names));
    const words = `${role} grants now: ${names.join(', ') || 'nothing'}`;
    output.result({ event: 'grantsSet', role, grants: names }, words);
  });
}

/** All pages. */
async function readAll(
  engine: Engine,
): Promise<Pick<RoleList, 'everyoneIs'> & { readonly users: readonly UserRole[] }> {
  const users: UserRole[] = [];
  let afterId: Uuid | null = null;
  for (;;) {
    const page: RoleList = await engine.access.readRoles(afterId);
    users.push(...page.users);
    afterId = page.users.at(-1)?.userId ?? null;
    if (!page.hasMore || afterId === null) return { everyoneIs: page.everyoneIs, users };
  }
}
