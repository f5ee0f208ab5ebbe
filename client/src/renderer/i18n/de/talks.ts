import type { talksWords as english } from '../en/talks.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const talksWords: Translated<typeof english> = {
  talks: {
    title: 'Gespräche',
    add: 'Jemandem schreiben',
    none: 'Noch hast du niemandem geschrieben.',
    unread: '{n} ungelesen',
    call: 'ein Anruf läuft',
    missed: 'verpasster Anruf am {day} um {time}',
    online: 'ist da',
    offline: 'ist nicht da',
    edit: 'Gespräch ändern',
    callThem: '{name} anrufen',
    hide: 'Gespräche verbergen',
    unfold: 'Gespräche zeigen',
  },
  talkDialog: {
    new: 'Jemandem schreiben',
    change: 'Gespräch ändern',
    find: 'Name eines Mitglieds',
    findHint: 'Der ganze Name, wie andere ihn sehen',
    search: 'Suchen',
    nobody: 'Hier heißt niemand „{name}“.',
    pick: '{name} hinzunehmen',
    drop: '{name} herausnehmen',
    chosen: 'Wer teilnimmt',
    name: 'Name der Gruppe',
    begin: 'Gespräch beginnen',
    save: 'Speichern',
    leave: 'Gruppe verlassen',
    lastSeen: 'war am {day} da',
  },
  call: {
    incoming: '{name} ruft dich an',
    answer: 'Annehmen',
    decline: 'Ablehnen',
    inCall: 'Im Anruf mit {name}',
    alone: '{name} wird angerufen …',
    declined: '{name} hat abgelehnt',
    hangUp: 'Auflegen',
    open: 'Zeigen, was an {name} geschrieben ist',
    members: 'Im Anruf',
  },
};
