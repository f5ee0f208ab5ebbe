import type { chatWords as english } from '../en/chat.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const chatWords: Translated<typeof english> = {
  chat: {
    nowhere: 'Wähle einen Raum, um dort zu lesen und zu schreiben.',
    empty: 'Hier wurde noch nichts geschrieben. Sag Hallo.',
    placeholder: 'Schreibe an {room}',
    send: 'Senden',
    deleted: 'Diese Nachricht wurde gelöscht.',
    edited: 'bearbeitet',
    jump: 'Zum Neuesten',
    files: '{count} Datei | {count} Dateien',
    typing: '{names} schreibt … | {names} schreiben …',
    waiting: 'wartet auf die Verbindung',
    refused: 'wurde nicht angenommen: {reason}',
    retry: 'Noch einmal senden',
    discard: 'Vergessen',
    answersOlder: 'antwortet auf eine ältere Nachricht',
    react: 'Reagieren',
    edit: 'Bearbeiten',
    delete: 'Löschen',
    reply: 'Antworten',
    giveUp: 'Aufgeben',
    purpose: { reply: 'Antwortet {name}', edit: 'Ändert, was {name} schrieb' },
  },
};
