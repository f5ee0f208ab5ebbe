import type { UnreadTotal } from '../model/unreadTotal.js';

/** More digits make no difference. */
const countMax = 99;

/** Says in the window's title, and by a mark on its picture, that there is something to read. */
export function showUnread({ messages, isMeant }: UnreadTotal, serverName: string): void {
  const count = messages > countMax ? `${countMax}+` : `${messages}`;
  const name = serverName === '' ? 'Rookery' : `${serverName} – Rookery`;
  document.title = messages === 0 ? name : `(${count}) ${name}`;
  const picture = isMeant ? 'iconMeant' : messages > 0 ? 'iconUnread' : 'icon';
  document
    .querySelector<HTMLLinkElement>('link[rel=icon]')
    ?.setAttribute('href', `./${picture}.svg`);
}
