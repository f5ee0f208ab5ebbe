import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import { i18n } from '../i18n/index.js';
import { useClientStore } from './clientStore.js';
import { useNamedText } from './namedText.js';
import { useWindowStore } from './windowStore.js';

/** Letters of a message that a system shows before it cuts. */
const previewLettersMax = 160;

/** Notices of the system, outside of the window; a click on one shows the place it is about. */
export function useDesktopNotices() {
  const client = useClientStore();
  const view = useWindowStore();
  const named = useNamedText();
  const { t } = i18n.global;

  function showMessage({ roomId, displayName, text }: TextMessage): void {
    const room = client.roomOf(roomId);
    const title =
      room === null ? displayName : t('notify.inRoom', { name: displayName, room: room.name });
    const body = client.state.settings.showsPreviews
      ? named(text).slice(0, previewLettersMax)
      : t('notify.newMessage');
    show(roomId, title, body);
  }

  function show(placeId: Uuid, title: string, body: string): void {
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    // One of each place: the newest takes the place of the one before.
    const shown = new Notification(title, { body, tag: placeId, silent: true });
    shown.addEventListener('click', () => {
      window.focus();
      view.look(placeId);
      shown.close();
    });
  }

  return { show, showMessage };
}
