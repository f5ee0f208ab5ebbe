import { InvalidArgumentError, Option, type Command } from 'commander';
import { permissions, type Permission } from '@rookery/schemas/permissions';
import { roles, type Role } from '@rookery/schemas/roles';
import type { AclOptions } from './aclCommand.js';
import { roomPathArgument } from './argumentParsers.js';
import { addServerOptions, outputOf, type Json } from './commandOptions.js';
import type { GroupPlace } from './groupsCommand.js';
import type { SessionOptions } from './session.js';

type Asked<Options> = SessionOptions & Json & Options;

/** Adds who may do what (docs/permissions.md). */
export function addAccess(program: Command): void {
  addUsers(program);
  addRoles(program);
  addGroups(program);
  addAcl(program);
}

function addUsers(program: Command): void {
  const command = program
    .command('users')
    .summary('show who was given which role')
    .description('Shows everybody to whom a role was given, with names and user ids.')
    .option('--search <text>', 'only those whose name has this text');
  addServerOptions(command).action(async (options: Asked<{ readonly search?: string }>) => {
    const { showUsers } = await import('./rolesCommand.js');
    await showUsers(options, options.search ?? '', outputOf(options));
  });
}

function addRoles(program: Command): void {
  const set = '--set <user-and-role...>';
  const grants = '--grants <role-and-permissions...>';
  const command = program
    .command('roles')
    .summary('show what roles grant; give somebody one, or change what one grants')
    .description('Shows what each role grants, and changes it.')
    .addOption(new Option(set, 'give this user (name or id) this role').conflicts('grants'))
    .addOption(new Option(grants, 'all that this role grants from then on; "none" for nothing'));
  addServerOptions(command).action(
    async (options: Asked<{ readonly set?: string[]; readonly grants?: string[] }>) => {
      const { giveRole, setGrants, showRoles } = await import('./rolesCommand.js');
      const output = outputOf(options);
      if (options.set !== undefined) {
        const [user, role, ...more] = options.set;
        if (user === undefined || role === undefined || more.length > 0) {
          command.error('error: --set takes a user and a role');
          return;
        }
        await giveRole(options, user, roleArgument(role), output);
      } else if (options.grants !== undefined) {
        const [role = '', ...names] = options.grants;
        await setGrants(options, roleArgument(role), namesOf(names), output);
      } else {
        await showRoles(options, output);
      }
    },
  );
}

interface GroupActions extends GroupPlace {
  readonly put?: string;
  readonly remove?: string;
  readonly members?: string[];
  readonly grants?: string[];
}

function addGroups(program: Command): void {
  const command = program
    .command('groups')
    .summary('show, make, change and remove groups of users')
    .description('Shows the groups of the server, or of a room. `acl --for group:NAME` names one.')
    .option('--room <path>', 'groups of this room, in place of the server', roomPathArgument)
    .addOption(new Option('--put <name>', 'make this group, or change it').conflicts('remove'))
    .option('--remove <name>', 'remove this group')
    .option('--members <user...>', 'with --put: all who are in it; "none" for nobody')
    .option('--grants <permission...>', 'with --put, of the server: what it grants; or "none"');
  addServerOptions(command).action(async (options: Asked<GroupActions>) => {
    const { put, remove, members, grants } = options;
    if (put === undefined && (members ?? grants) !== undefined) {
      command.error('error: --members and --grants go with --put <name>');
    }
    const groups = await import('./groupsCommand.js');
    const output = outputOf(options);
    if (put !== undefined) {
      const change = {
        ...(members !== undefined && { members: members.filter((name) => name !== 'none') }),
        ...(grants !== undefined && { grants: namesOf(grants) }),
      };
      await groups.putGroup(options, put, change, output);
    } else if (remove !== undefined) {
      await groups.removeGroup(options, remove, output);
    } else {
      await groups.showGroups(options, output);
    }
  });
}

function addAcl(program: Command): void {
  const acl = program
    .command('acl')
    .summary('show and change who may do what in a room, and explain it')
    .description('Shows the rules of a room, and changes them. --for names whom an entry is for.')
    .argument('[room]', 'path of the room', roomPathArgument)
    .option('--for <whom>', 'everyone, role:NAME, group:NAME or user:NAME; its entry is replaced')
    .option('--grant <permission...>', 'what the entry grants')
    .option('--deny <permission...>', 'what the entry denies')
    .option('--here', 'the entry applies in the room alone')
    .option('--below', 'the entry applies below the room alone')
    .option('--inherit', 'rules from above, and what roles grant, count')
    .option('--no-inherit', 'the room and what is below start from nothing')
    .addOption(
      new Option('--require <role>', 'role that it takes to be in it').choices([...roles, 'none']),
    )
    .option('--room-password <text>', 'password that it takes to be in it; empty for none');
  addServerOptions(acl).action(async (room: string[] | undefined, options: Asked<AclOptions>) => {
    if (room === undefined) {
      acl.error('error: name a room, like Lobby/Games');
      return;
    }
    const { showOrChangeAcl } = await import('./aclCommand.js');
    const named = { grants: namesOf(options.grant ?? []), denies: namesOf(options.deny ?? []) };
    await showOrChangeAcl(options, room, named, outputOf(options));
  });
  addExplain(acl);
}

/** Its options are those of `acl`, which takes them wherever they stand. */
function addExplain(acl: Command): void {
  acl
    .command('explain')
    .summary('tell whether somebody may do something, and which rule decides')
    .description('Tells whether somebody may do something in a room, and which rule decides.')
    .argument('<user>', 'name or user id')
    .argument('<permission>', 'like speak', permissionArgument)
    .argument('<room>', 'path of the room', roomPathArgument)
    .action(async (user: string, permission: Permission, room: string[]) => {
      const { explainPermission } = await import('./aclCommand.js');
      const options = acl.opts<Asked<object>>();
      await explainPermission(options, { user, permission, room }, outputOf(options));
    });
}

function namesOf(names: readonly string[]): Permission[] {
  return names.filter((name) => name !== 'none').map(permissionArgument);
}

function permissionArgument(name: string): Permission {
  const known = permissions.find((permission) => permission === name);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`"${name}" is no permission. There is ${permissions.join(', ')}.`);
}

function roleArgument(name: string): Role {
  const known = roles.find((role) => role === name);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`"${name}" is no role. There is ${roles.join(', ')}.`);
}
