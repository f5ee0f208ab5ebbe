import type { Principal, Uuid } from '@rookery/schemas/messages';
import type { Decision, Rule } from '@rookery/schemas/permissionDecision';

/** How rooms, groups and users are called; by their ids, where they have no name. */
export interface PermissionNames {
  room(roomId: Uuid): string;
  group(groupId: Uuid): string;
  user(userId: Uuid): string;
}

/** An answer and the rule that decided, in one sentence. Entries are counted from 1. */
export function decisionInWords({ allowed, rule }: Decision, names: PermissionNames): string {
  const verb = allowed ? 'grants' : 'denies';
  return `${allowed ? 'Yes' : 'No'}: ${ruleInWords(rule, verb, names)}.`;
}

function ruleInWords(rule: Rule, verb: 'grants' | 'denies', names: PermissionNames): string {
  switch (rule.type) {
    case 'noSuchRoom':
      return 'there is no such room';
    case 'owner':
      return 'owners may do everything';
    case 'traverse': {
      const because = ruleInWords(rule.because, 'denies', names);
      return `traverse is refused in room "${names.room(rule.roomId)}", as ${because}`;
    }
    case 'requiredRole':
      return `room "${names.room(rule.roomId)}" requires the role ${rule.role}`;
    case 'password':
      return `the password of room "${names.room(rule.roomId)}" was not given`;
    case 'entry': {
      const room = names.room(rule.roomId);
      const whom = principalInWords(rule.principal, names);
      return `entry ${rule.index + 1} of room "${room}", for ${whom}, ${verb} it`;
    }
    case 'notInherited':
      return (
        `nothing grants it up to room "${names.room(rule.roomId)}", ` +
        'which inherits nothing from above'
      );
    case 'role':
      return `the role ${rule.role} grants it`;
    case 'group':
      return `the group "${names.group(rule.groupId)}" grants it`;
    case 'notGranted':
      return 'neither an entry nor the role nor a group grants it';
  }
}

function principalInWords(principal: Principal, names: PermissionNames): string {
  switch (principal.type) {
    case 'everyone':
      return 'everyone';
    case 'role':
      return `the role ${principal.role}`;
    case 'group':
      return `the group "${names.group(principal.groupId)}"`;
    case 'user':
      return `the user "${names.user(principal.userId)}"`;
  }
}
