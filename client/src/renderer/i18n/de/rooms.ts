import type { roomsWords as english } from '../en/rooms.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const roomsWords: Translated<typeof english> = {
  tree: {
    name: 'Räume',
    filter: 'Raum oder Person suchen',
    empty: 'Nichts hier heißt so.',
    people: 'niemand | eine Person ist hier | {n} sind hier',
    expand: 'Zeigen, was in {room} ist',
    collapse: 'Verbergen, was in {room} ist',
    unread: '{n} ungelesen',
    join: 'Beitreten',
    read: 'Lesen, ohne beizutreten',
    menu: 'Was damit zu tun ist',
    enterKey: 'Eingabe',
  },
};
