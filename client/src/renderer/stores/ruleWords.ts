import type { Principal, Uuid } from '@rookery/schemas/messages';
import type { Decision, Rule } from '@rookery/schemas/permissionDecision';
import type { Permission } from '@rookery/schemas/permissions';

/** Words of vue-i18n. */
type Translate = (key: string, named?: Record<string, unknown>) => string;

/** How rooms, groups and users are called. */
export interface AccessNames {
  room(roomId: Uuid): string;
  group(groupId: Uuid): string;
  user(userId: Uuid): string;
}

/** What somebody may, and the rule that decides. */
export interface ShownRight {
  readonly allowed: boolean;
  readonly words: string;
}

/** Decisions with their rules in words. */
export function shownRights(
  decisions: ReadonlyMap<Permission, Decision>,
  names: AccessNames,
  t: Translate,
): ReadonlyMap<Permission, ShownRight> {
  return new Map(
    [...decisions].map(([permission, { allowed, rule }]) => [
      permission,
      { allowed, words: ruleWords(rule, names, t) },
    ]),
  );
}

/** Whom an entry is for, in words. */
export function principalWords(principal: Principal, names: AccessNames, t: Translate): string {
  switch (principal.type) {
    case 'everyone':
      return t('access.everyone');
    case 'role':
      return t(`admin.role.${principal.role}`);
    case 'group':
      return t('access.groupNamed', { name: names.group(principal.groupId) });
    case 'user':
      return names.user(principal.userId);
  }
}

/** The rule that decided, in words. */
export function ruleWords(rule: Rule, names: AccessNames, t: Translate): string {
  switch (rule.type) {
    case 'noSuchRoom':
    case 'owner':
    case 'notGranted':
      return t(`access.rule.${rule.type}`);
    case 'traverse':
    case 'notInherited':
    case 'password':
      return t(`access.rule.${rule.type}`, { room: names.room(rule.roomId) });
    case 'requiredRole': {
      const role = t(`admin.role.${rule.role}`);
      return t('access.rule.requiredRole', { room: names.room(rule.roomId), role });
    }
    case 'entry': {
      const whom = principalWords(rule.principal, names, t);
      const room = names.room(rule.roomId);
      return t('access.rule.entry', { number: rule.index + 1, room, whom });
    }
    case 'role':
      return t('access.rule.role', { role: t(`admin.role.${rule.role}`) });
    case 'group':
      return t('access.rule.group', { name: names.group(rule.groupId) });
  }
}
