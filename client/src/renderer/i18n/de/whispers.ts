import type { whispersWords as english } from '../en/whispers.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const whispersWords: Translated<typeof english> = {
  whispers: {
    title: 'Flüsterlisten',
    intro:
      'Halte die Taste einer Liste, und nur wer darin steht, hört dich, wo auch immer. Der Raum hört nichts.',
    empty: 'Du hast noch keine Flüsterlisten.',
    notConnected: 'Um eine Liste anzulegen, verbinde dich mit dem Server, auf dem ihre Leute sind.',
    full: 'Mehr Listen können nicht aufgehoben werden.',
    make: 'Neue Liste',
    makeTitle: 'Neue Flüsterliste',
    editTitle: '„{name}“ bearbeiten',
    edit: '„{name}“ bearbeiten',
    remove: '„{name}“ löschen',
    save: 'Speichern',
    elsewhere: 'auf einem anderen Server',
    people: 'keine Leute | eine Person | {n} Leute',
    rooms: 'keine Räume | ein Raum | {n} Räume',
    roomsBelow: 'keine Räume | ein Raum und alle darunter | {n} Räume und alle darunter',
    name: 'Name',
    nameHint: 'So steht sie in deinen Einstellungen; niemand sonst sieht ihn.',
    targets: 'Wer es hört',
    nobody: 'Noch niemand.',
    addPerson: 'Person hinzufügen',
    addRoom: 'Raum hinzufügen …',
    addThisRoom: 'Diesen Raum hinzufügen',
    removeTarget: '{name} herausnehmen',
    withChildren: 'Auch die Räume darunter',
    elsewhereHint: 'Verbinde dich mit dem Server dieser Liste, um sie zu erweitern.',
    fault: {
      unnamed: 'Gib der Liste einen Namen.',
      forNobody: 'Füge jemanden oder einen Raum hinzu: Eine Liste für niemanden hört niemand.',
    },
  },
};
