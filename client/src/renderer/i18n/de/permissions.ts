import type { permissionsWords as english } from '../en/permissions.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const permissionsWords: Translated<typeof english> = {
  permission: {
    traverse: {
      name: 'Sehen, wer da ist',
      hint: 'Sehen, wer im Raum ist, und zu dem kommen, was darunter liegt',
    },
    enter: {
      name: 'Betreten',
      hint: 'Im Raum sein',
    },
    speak: {
      name: 'Sprechen',
      hint: 'Im Raum gehört werden',
    },
    whisper: {
      name: 'Flüstern',
      hint: 'Dem Raum und Leuten darin zuflüstern',
    },
    listen: {
      name: 'Mithören',
      hint: 'Den Raum hören, ohne darin zu sein',
    },
    text: {
      name: 'Lesen und schreiben',
      hint: 'Nachrichten im Raum lesen und schreiben',
    },
    upload: {
      name: 'Dateien anhängen',
      hint: 'Nachrichten Dateien anhängen',
    },
    react: {
      name: 'Reagieren',
      hint: 'Auf Nachrichten reagieren',
    },
    createRoom: {
      name: 'Räume anlegen',
      hint: 'Räume unter dem Raum anlegen',
    },
    createTemporaryRoom: {
      name: 'Räume auf Zeit anlegen',
      hint: 'Räume anlegen, die verschwinden, wenn sie leer sind',
    },
    editRoom: {
      name: 'Raum bearbeiten',
      hint: 'Den Raum umbenennen, beschreiben und einstellen',
    },
    moveRoom: {
      name: 'Raum verschieben',
      hint: 'Den Raum woandershin im Baum setzen',
    },
    deleteRoom: {
      name: 'Raum löschen',
      hint: 'Den Raum mit allem löschen, was darin geschrieben wurde',
    },
    link: {
      name: 'Räume verbinden',
      hint: 'Den Raum mit anderen verbinden',
    },
    editAcl: {
      name: 'Rechte ändern',
      hint: 'Einträge, Gruppen und Türen des Raums ändern',
    },
    muteOthers: {
      name: 'Andere stummschalten',
      hint: 'Andere im Raum stummschalten',
    },
    deafenOthers: {
      name: 'Andere taub schalten',
      hint: 'Anderen das Hören nehmen',
    },
    moveUsers: {
      name: 'Leute verschieben',
      hint: 'Andere in den Raum und heraus verschieben',
    },
    prioritySpeaker: {
      name: 'Mit Vorrang sprechen',
      hint: 'Sprechen, während andere leiser werden',
    },
    kick: {
      name: 'Hinauswerfen',
      hint: 'Sitzungen anderer beenden',
    },
    ban: {
      name: 'Sperren',
      hint: 'Schlüssel und Adressen fernhalten',
    },
    register: {
      name: 'Aufnehmen',
      hint: 'Gäste zu Mitgliedern machen',
    },
    manageInvites: {
      name: 'Einladen',
      hint: 'Einladungen machen und zurückziehen',
    },
    viewAddresses: {
      name: 'Adressen sehen',
      hint: 'Sehen, woher andere kommen',
    },
    administer: {
      name: 'Verwalten',
      hint: 'Rollen, Gruppen und den Server selbst ändern',
    },
    moderateText: {
      name: 'Text moderieren',
      hint: 'Nachrichten und Dateien anderer löschen, Meldungen sehen',
    },
    record: {
      name: 'Aufnehmen (Ton)',
      hint: 'Aufnehmen, was zu hören ist, mit Kennzeichen',
    },
  },
};
