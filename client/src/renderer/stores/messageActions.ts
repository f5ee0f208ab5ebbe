import { Copy, Flag, Link, Pencil, Pin, PinOff, Reply, SmilePlus, Trash2 } from '@lucide/vue';
import { shallowRef, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import type { TextMessage } from '@rookery/schemas/messages';
import { menuOf, type MenuAction, type MenuItem } from '../components/common/menuItems.js';
import type { Place } from '../model/place.js';
import type { ChatDraft } from './chatDraft.js';
import { useClientStore } from './clientStore.js';
import { useNotices } from './notices.js';
import type { PlacePins } from './placePins.js';
import { useWindowStore } from './windowStore.js';

/** What can be done with the messages of one place. */
export type MessageActions = ReturnType<typeof useMessageActions>;

/** Whose reaction is chosen, and what the picker stands beside. */
interface ReactionPick {
  readonly message: TextMessage;
  readonly anchor: HTMLElement;
}

interface Surroundings {
  readonly place: Readonly<Ref<Place>>;
  readonly draft: ChatDraft;
  readonly pins: PlacePins;
  /** Brings a message of the place onto the screen. */
  readonly show: (messageId: string) => Promise<void>;
}

export function useMessageActions(surroundings: Surroundings) {
  const { place, draft, pins, show } = surroundings;
  const client = useClientStore();
  const view = useWindowStore();
  const notices = useNotices();
  const picking = shallowRef<ReactionPick | null>(null);

  function isOwn({ userId }: TextMessage): boolean {
    return userId === client.ownUserId;
  }

  /** Of other rooms than the own one it is not known; there the server says it. */
  function mayDelete(message: TextMessage): boolean {
    const isHere = place.value.placeId === client.ownRoom?.roomId;
    return isOwn(message) || (isHere && client.state.permissions.here.includes('moderateText'));
  }

  /** Takes the own reaction back where there is one. */
  function react({ roomId, messageId, reactions }: TextMessage, emoji: string): void {
    const { text } = client.commands;
    const isMine = reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
    void notices.attempt(() =>
      isMine ? text.unreact(roomId, messageId, emoji) : text.react(roomId, messageId, emoji),
    );
  }

  function pickReaction(message: TextMessage, anchor: HTMLElement): void {
    picking.value = { message, anchor };
  }

  function stopPicking(): void {
    picking.value = null;
  }

  /** At once with Shift held, else after a question. */
  function remove(message: TextMessage, { shiftKey }: Pick<MouseEvent, 'shiftKey'>): void {
    if (!shiftKey) view.dialog = { kind: 'deleteMessage', message };
    else void notices.attempt(() => client.commands.text.delete(message.roomId, message.messageId));
  }

  function report(message: TextMessage): void {
    view.dialog = { kind: 'reportMessage', message };
  }

  function togglePin({ roomId, messageId }: TextMessage): void {
    const { text } = client.commands;
    const isPinned = pins.ids.value.has(messageId);
    void notices.attempt(() =>
      isPinned ? text.unpin(roomId, messageId) : text.pin(roomId, messageId),
    );
  }

  function showAnswered({ replyToId }: TextMessage): void {
    if (replyToId !== null) void notices.attempt(() => show(replyToId));
  }

  function showAuthor({ userId, displayName }: TextMessage): void {
    view.dialog = { kind: 'profile', userId, name: displayName };
  }

  const { reply, edit } = draft;
  const basics = { isOwn, mayDelete, react, pickReaction, remove, report, togglePin };
  const menuOf = useMessageMenu(surroundings, { ...basics, reply, edit });
  return { ...basics, picking, stopPicking, showAnswered, showAuthor, menuOf, reply, edit };
}

type Basics = Pick<
  MessageActions,
  'isOwn' | 'mayDelete' | 'pickReaction' | 'remove' | 'report' | 'togglePin' | 'reply' | 'edit'
>;

/** @returns the menu of a message, and of the link in it that was pointed at, if one was */
function useMessageMenu({ place, pins }: Surroundings, actions: Basics) {
  const notices = useNotices();
  const { t } = useI18n();

  async function copy(text: string): Promise<void> {
    const isCopied = await notices.attempt(() => navigator.clipboard.writeText(text));
    if (isCopied) notices.tell('done', t('chat.copied'));
  }

  function pickBeside(message: TextMessage): void {
    const selector = `[data-message="${message.messageId}"] article`;
    const row = document.querySelector<HTMLElement>(selector);
    if (row !== null) actions.pickReaction(message, row);
  }

  return (message: TextMessage, link: string | null = null): readonly MenuItem[] => {
    if (message.deleted) return [];
    const isPinned = pins.ids.value.has(message.messageId);
    const isOwn = actions.isOwn(message);
    const mayReport = !isOwn && place.value.kind === 'room';
    const remove = (): void => actions.remove(message, { shiftKey: false });
    return menuOf(
      [
        line(t('chat.reply'), Reply, () => actions.reply(message)),
        line(t('chat.react'), SmilePlus, () => pickBeside(message)),
      ],
      [
        ...(link === null ? [] : [line(t('chat.copyLink'), Link, () => void copy(link))]),
        ...(message.text === ''
          ? []
          : [line(t('chat.copyText'), Copy, () => void copy(message.text))]),
        isPinned
          ? line(t('chat.unpin'), PinOff, () => actions.togglePin(message))
          : line(t('chat.pin'), Pin, () => actions.togglePin(message)),
      ],
      isOwn ? [line(t('chat.edit'), Pencil, () => actions.edit(message))] : [],
      [
        ...(mayReport ? [line(t('chat.report'), Flag, () => actions.report(message))] : []),
        ...(actions.mayDelete(message)
          ? [{ ...line(t('chat.delete'), Trash2, remove), isDanger: true }]
          : []),
      ],
    );
  };
}

function line(label: string, icon: typeof Reply, run: () => void): MenuAction {
  return { kind: 'action', label, icon, run };
}
