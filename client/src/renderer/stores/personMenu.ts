import {
  ArrowRight,
  Ban,
  Copy,
  Crown,
  Ear,
  MessageCircle,
  Moon,
  Pencil,
  Phone,
  RotateCcw,
  UserRound,
  UserX,
  Volume2,
} from '@lucide/vue';
import { useI18n } from 'vue-i18n';
import type { UserModeration } from '@rookery/schemas/messages';
import type { Permission } from '@rookery/schemas/permissions';
import { roles } from '@rookery/schemas/roles';
import { menuOf, type MenuItem } from '../components/common/menuItems.js';
import { isAboveLikely, mayLikely } from '../model/likelyRights.js';
import type { Person } from '../model/people.js';
import { useClientStore } from './clientStore.js';
import { copyText } from './copyText.js';
import { useNotices } from './notices.js';
import { useRoles } from './roles.js';
import { useTalks } from './talks.js';
import { useWhisperHold } from './whisperHold.js';
import { useWindowStore } from './windowStore.js';

/** Louder than it was sent, at most. */
const volumePctMax = 200;

/** What the lines of the menu are made with. */
interface Tools {
  readonly client: ReturnType<typeof useClientStore>;
  readonly view: ReturnType<typeof useWindowStore>;
  readonly notices: ReturnType<typeof useNotices>;
  readonly roleBook: ReturnType<typeof useRoles>;
  readonly talks: ReturnType<typeof useTalks>;
  readonly whisper: ReturnType<typeof useWhisperHold>;
  readonly t: ReturnType<typeof useI18n>['t'];
  readonly may: (permission: Permission) => boolean;
}

/** What there is to do with somebody: the same wherever a name stands. For a component's setup. */
export function usePersonMenu(): (person: Person) => readonly MenuItem[] {
  const client = useClientStore();
  const view = useWindowStore();
  const notices = useNotices();
  const roleBook = useRoles();
  const talks = useTalks();
  const whisper = useWhisperHold();
  const { t } = useI18n();

  const may = (permission: Permission): boolean => mayLikely(client.state.permissions, permission);

  const tools: Tools = { client, view, notices, roleBook, talks, whisper, t, may };
  return (person) => {
    if (person.userId === client.ownUserId)
      return menuOf(ownLines(tools, person), aboutLines(tools, person));
    const theirs = roleBook.roleOf(person.userId);
    const moderating = isAboveLikely(client.state.permissions, theirs)
      ? [[...moderationLines(tools, person), ...roleLines(tools, person)], awayLines(tools, person)]
      : [];
    return menuOf(
      soundLines(tools, person),
      talkLines(tools, person),
      aboutLines(tools, person),
      ...moderating,
    );
  };
}

function ownLines({ client, view, notices, t }: Tools, { session }: Person): readonly MenuItem[] {
  const isAway = session !== null && client.state.presence.get(session.sessionToken) === 'away';
  const status = isAway ? 'online' : 'away';
  return [
    {
      kind: 'check',
      label: t('person.away'),
      icon: Moon,
      isOn: isAway,
      run: () => void notices.attempt(() => client.commands.engine.setPresence(status)),
    },
    {
      kind: 'action',
      label: t('person.changeName'),
      icon: Pencil,
      run: () => (view.dialog = { kind: 'ownName' }),
    },
  ];
}

function soundLines({ client, t }: Tools, { userId }: Person): readonly MenuItem[] {
  const { gain, isMuted } = client.state.audio.users.get(userId) ?? { gain: 1, isMuted: false };
  const pct = Math.round(gain * 100);
  const setPct = (next: number): void => void client.commands.sound.setVolume(userId, next / 100);
  const back: MenuItem = {
    kind: 'action',
    label: t('person.usualVolume'),
    icon: RotateCcw,
    run: () => setPct(100),
  };
  return [
    {
      kind: 'slider',
      label: t('person.volume'),
      icon: Volume2,
      ...{ value: pct, min: 0, max: volumePctMax, step: 5, shown: `${pct} %`, set: setPct },
    },
    ...(pct === 100 ? [] : [back]),
    {
      kind: 'check',
      label: t('person.muteForMe'),
      isOn: isMuted,
      run: () => void client.commands.sound.setUserMuted(userId, !isMuted),
    },
  ];
}

function talkLines({ talks, whisper, t, may }: Tools, { userId }: Person): readonly MenuItem[] {
  return [
    {
      kind: 'hold',
      label: t('person.whisper'),
      icon: Ear,
      keys: t('person.hold'),
      isDisabled: !may('whisper'),
      start: () => whisper.begin({ kind: 'user', userId }),
      stop: whisper.end,
    },
    {
      kind: 'action',
      label: t('person.message'),
      icon: MessageCircle,
      run: () => void talks.openWith(userId),
    },
    {
      kind: 'action',
      label: t('person.call'),
      icon: Phone,
      run: () => void talks.callWith(userId),
    },
  ];
}

function aboutLines({ view, t }: Tools, { userId, name }: Person): readonly MenuItem[] {
  return [
    {
      kind: 'action',
      label: t('person.profile'),
      icon: UserRound,
      run: () => (view.dialog = { kind: 'profile', userId, name }),
    },
    {
      kind: 'submenu',
      label: t('person.copy'),
      icon: Copy,
      items: [
        { kind: 'action', label: t('person.copyName'), run: () => copyText(name) },
        { kind: 'action', label: t('person.copyId'), run: () => copyText(userId) },
      ],
    },
  ];
}

function moderationLines(
  { client, view, notices, t, may }: Tools,
  { userId, name, session }: Person,
): readonly MenuItem[] {
  if (session === null) return [];
  const line = (
    permission: Permission,
    label: string,
    isOn: boolean,
    change: Partial<UserModeration>,
  ): readonly MenuItem[] => {
    const run = (): void =>
      void notices.attempt(() => client.commands.moderation.moderate(userId, change));
    return may(permission) ? [{ kind: 'check', label, isOn, run }] : [];
  };
  const { mutedByModerator, deafenedByModerator, suppressedByModerator } = session;
  const { isPrioritySpeaker } = session;
  const move: MenuItem = {
    kind: 'action',
    label: t('person.moveTo'),
    icon: ArrowRight,
    run: () => (view.dialog = { kind: 'movePerson', userId, name }),
  };
  return [
    ...line('muteOthers', t('person.muteForAll'), mutedByModerator, { muted: !mutedByModerator }),
    ...line('deafenOthers', t('person.deafenForAll'), deafenedByModerator, {
      deafened: !deafenedByModerator,
    }),
    ...line('muteOthers', t('person.suppress'), suppressedByModerator, {
      suppressed: !suppressedByModerator,
    }),
    ...line('prioritySpeaker', t('person.givePriority'), isPrioritySpeaker, {
      prioritySpeaker: !isPrioritySpeaker,
    }),
    ...(may('moveUsers') ? [move] : []),
  ];
}

function roleLines(
  { client, notices, roleBook, t }: Tools,
  { userId }: Person,
): readonly MenuItem[] {
  const { server } = client.state.permissions;
  const role = roleBook.roleOf(userId);
  // Who may only register makes guests members.
  const isRegistrar = server.includes('register') && role === 'guest';
  const offered = server.includes('administer') ? roles : isRegistrar ? ['member' as const] : [];
  if (offered.length === 0) return [];
  const items = offered.map((name): MenuItem => ({
    kind: 'check',
    label: t(`role.${name}`),
    isOn: name === role,
    run: () => void notices.attempt(() => roleBook.setRole(userId, name)),
  }));
  return [{ kind: 'submenu', label: t('person.role'), icon: Crown, items }];
}

function awayLines({ view, t, may }: Tools, { userId, name }: Person): readonly MenuItem[] {
  const line = (kind: 'kick' | 'ban', icon: typeof Ban): MenuItem => ({
    kind: 'action',
    label: t(`person.${kind}`),
    icon,
    isDanger: true,
    run: () => (view.dialog = { kind, userId, name }),
  });
  return [...(may('kick') ? [line('kick', UserX)] : []), ...(may('ban') ? [line('ban', Ban)] : [])];
}
