import {
  ArrowRight,
  BellOff,
  BookOpen,
  CheckCheck,
  Copy,
  Ear,
  Link2,
  Link2Off,
  LogIn,
  LogOut,
  Megaphone,
  Pencil,
  Plus,
  Trash2,
} from '@lucide/vue';
import { useI18n } from 'vue-i18n';
import type { RoomInfo } from '@rookery/schemas/messages';
import type { Permission } from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { menuOf, type MenuItem } from '../components/common/menuItems.js';
import { mayLikely } from '../model/likelyRights.js';
import { useClientStore } from './clientStore.js';
import { copyText } from './copyText.js';
import { useJoining } from './joining.js';
import { useNotices } from './notices.js';
import { useServerFace } from './serverFace.js';
import { useWhisperHold } from './whisperHold.js';
import { useWindowStore } from './windowStore.js';

/** What the lines of the menu are made with. */
interface Tools {
  readonly client: ReturnType<typeof useClientStore>;
  readonly view: ReturnType<typeof useWindowStore>;
  readonly joining: ReturnType<typeof useJoining>;
  readonly face: ReturnType<typeof useServerFace>;
  readonly notices: ReturnType<typeof useNotices>;
  readonly whisper: ReturnType<typeof useWhisperHold>;
  readonly t: ReturnType<typeof useI18n>['t'];
  readonly may: (permission: Permission) => boolean;
}

/** What there is to do with a room. For a component's setup. */
export function useRoomMenu(): (room: RoomInfo) => readonly MenuItem[] {
  const client = useClientStore();
  const view = useWindowStore();
  const joining = useJoining();
  const face = useServerFace();
  const notices = useNotices();
  const whisper = useWhisperHold();
  const { t } = useI18n();

  const may = (permission: Permission): boolean => mayLikely(client.state.permissions, permission);

  const tools: Tools = { client, view, joining, face, notices, whisper, t, may };
  return (room) =>
    menuOf(
      hearing(tools, room),
      whispering(tools, room),
      reading(tools, room),
      links(tools, room),
      editing(tools, room),
      deleting(tools, room),
    );
}

function hearing(
  { client, view, joining, notices, t }: Tools,
  { roomId }: RoomInfo,
): readonly MenuItem[] {
  const isOwn = client.ownRoom?.roomId === roomId;
  const listeningTo = client.own?.listeningTo ?? [];
  const isListening = listeningTo.includes(roomId);
  const next = isListening ? listeningTo.filter((id) => id !== roomId) : [...listeningTo, roomId];
  const listen: MenuItem = {
    kind: 'check',
    label: t('tree.listen'),
    icon: Ear,
    isOn: isListening,
    run: () => void notices.attempt(() => client.commands.engine.listenTo(next)),
  };
  const enter: MenuItem = isOwn
    ? { kind: 'action', label: t('tree.leave'), icon: LogOut, run: () => void joining.leave() }
    : {
        kind: 'action',
        label: t('tree.join'),
        icon: LogIn,
        keys: t('tree.enterKey'),
        run: () => void joining.join(roomId),
      };
  return [
    enter,
    {
      kind: 'action',
      label: t('tree.read'),
      icon: BookOpen,
      keys: t('tree.spaceKey'),
      run: () => view.look(roomId),
    },
    ...(isOwn ? [] : [listen]),
  ];
}

function whispering({ client, whisper, t, may }: Tools, { roomId }: RoomInfo): readonly MenuItem[] {
  if (!may('whisper')) return [];
  const line = (label: string, icon: typeof Ear, withChildren: boolean): MenuItem => ({
    ...{ kind: 'hold', label, icon, keys: t('person.hold') },
    start: () => whisper.begin({ kind: 'room', roomId, withChildren }),
    stop: whisper.end,
  });
  const hasChildren = [...client.state.rooms.values()].some(({ parentId }) => parentId === roomId);
  return [
    line(t('tree.whisper'), Ear, false),
    ...(hasChildren ? [line(t('tree.whisperBelow'), Megaphone, true)] : []),
  ];
}

function reading(tools: Tools, { roomId }: RoomInfo): readonly MenuItem[] {
  const { client, face, notices, t } = tools;
  const isQuiet = face.quiet.has(roomId);
  const { unread = 0, latestId = null } = client.state.unread.get(roomId) ?? {};
  const markRead: MenuItem = {
    kind: 'action',
    label: t('tree.markRead'),
    icon: CheckCheck,
    run: () => {
      if (latestId === null) return;
      void notices.attempt(() => client.commands.reading.markRead(roomId, latestId));
    },
  };
  return [
    ...(unread > 0 && latestId !== null ? [markRead] : []),
    {
      kind: 'check',
      label: t('tree.quiet'),
      icon: BellOff,
      isOn: isQuiet,
      run: () => face.toggleQuiet(roomId),
    },
    { kind: 'action', label: t('tree.copyLink'), icon: Copy, run: () => copyLink(tools) },
  ];
}

/** Links lead to servers; which rooms there are is seen there. */
function copyLink({ client }: Tools): void {
  const { connection } = client;
  if (!('address' in connection) || !('fingerprint' in connection)) return;
  const { host, port } = connection.address;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  const pin = connection.fingerprint.replaceAll(':', '');
  copyText(`rookery://${shownHost}:${port}/?fingerprint=${pin}`);
}

function links(
  { client, view, notices, t, may }: Tools,
  { roomId, linkedRoomIds }: RoomInfo,
): readonly MenuItem[] {
  if (!may('link')) return [];
  const unlink = linkedRoomIds.map((linkedId): MenuItem => ({
    kind: 'action',
    label: t('tree.unlink', { room: client.roomOf(linkedId)?.name ?? '' }),
    icon: Link2Off,
    run: () => void notices.attempt(() => client.commands.engine.unlinkRooms(roomId, linkedId)),
  }));
  const link: MenuItem = {
    kind: 'action',
    label: t('tree.link'),
    icon: Link2,
    run: () => (view.dialog = { kind: 'linkRoom', roomId }),
  };
  return [link, ...unlink];
}

function editing({ view, t, may }: Tools, { roomId }: RoomInfo): readonly MenuItem[] {
  const isRoot = roomId === rootRoomId;
  const action = (label: string, icon: typeof Plus, run: () => void): MenuItem => ({
    kind: 'action',
    label,
    icon,
    run,
  });
  const isMaker = may('createRoom') || may('createTemporaryRoom');
  const dialog = (next: NonNullable<typeof view.dialog>) => (): void => {
    view.dialog = next;
  };
  return [
    ...(isMaker
      ? [action(t('tree.createIn'), Plus, dialog({ kind: 'roomEditor', parentId: roomId }))]
      : []),
    ...(may('editRoom')
      ? [action(t('tree.edit'), Pencil, dialog({ kind: 'roomEditor', roomId }))]
      : []),
    ...(may('moveRoom') && !isRoot
      ? [action(t('tree.moveTo'), ArrowRight, dialog({ kind: 'moveRoom', roomId }))]
      : []),
  ];
}

function deleting({ view, t, may }: Tools, { roomId }: RoomInfo): readonly MenuItem[] {
  if (!may('deleteRoom') || roomId === rootRoomId) return [];
  const run = (): void => void (view.dialog = { kind: 'deleteRoom', roomId });
  return [{ kind: 'action', label: t('tree.delete'), icon: Trash2, isDanger: true, run }];
}
