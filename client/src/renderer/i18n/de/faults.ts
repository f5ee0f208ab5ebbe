import type { faultWords as english } from '../en/faults.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const faultWords: Translated<typeof english> = {
  fault: {
    detail: 'Er sagt: {words}',
    until: 'Bis {time}.',
    forGood: 'Es endet nicht von selbst.',
    updateClient: 'Der Server ist neuer: bringe diesen Client auf den neuesten Stand.',
    updateServer:
      'Der Server ist älter: bitte seinen Besitzer, ihn auf den neuesten Stand zu bringen.',
    unreachable: {
      what: 'Der Server antwortet nicht.',
      next: 'Prüfe die Adresse. Läuft der Server, und lässt seine Firewall UDP durch?',
    },
    wrongPassword: {
      what: 'Das Passwort des Servers fehlt oder ist falsch.',
      next: 'Gib es noch einmal ein oder frage, wer den Server betreibt.',
    },
    wrongAccountPassword: {
      what: 'Dein Konto dort hat ein Passwort, und dieses ist es nicht.',
      next: 'Gib es unter „Mehr“ ein. Wer den Server verwaltet, kann es entfernen.',
    },
    invitationNeeded: {
      what: 'Dieser Server lässt ein, wer eine Einladung hat.',
      next: 'Bitte dort jemanden darum und füge sie hier ein.',
    },
    badInvitation: {
      what: 'Diese Einladung ist verbraucht, zu alt oder war nie eine.',
      next: 'Bitte um eine neue.',
    },
    awaitingApproval: {
      what: 'Erst muss dich dort jemand einlassen.',
      next: 'Du musst nicht hier warten: komm später wieder.',
    },
    nameTaken: {
      what: 'Dort hat jemand diesen Namen oder einen, der ihm gleicht.',
      next: 'Wähle einen anderen Namen.',
    },
    nameNotAllowed: {
      what: 'Dieser Name geht dort nicht.',
      next: 'Wähle einen aus sichtbaren Zeichen, nicht zu lang.',
    },
    banned: {
      what: 'Du wirst von diesem Server ferngehalten.',
      next: 'Frage, wer ihn betreibt, wenn du das für falsch hältst.',
    },
    shutOut: {
      what: 'Von hier ging zu viel schief, darum sperrt dich der Server eine Weile aus.',
      next: 'Warte bis dahin; weitere Versuche verlängern es.',
    },
    serverFull: {
      what: 'Der Server ist voll.',
      next: 'Versuche es wieder, wenn jemand gegangen ist.',
    },
    serverBusy: {
      what: 'Der Server hat gerade zu viel zu tun.',
      next: 'Versuche es in ein paar Sekunden wieder.',
    },
    versionMismatch: {
      what: 'Dieser Client und der Server sprechen nicht dieselbe Version.',
      next: 'Einer von beiden muss auf den neuesten Stand gebracht werden.',
    },
    loginRefused: {
      what: 'Der Server hat die Anmeldung abgelehnt.',
      next: 'Frage, wer den Server betreibt.',
    },
    fingerprintChanged: {
      what: 'Der Server zeigt einen anderen Schlüssel als zuvor.',
      next: 'Frage den Besitzer nach dem Fingerabdruck, bevor du weitermachst.',
    },
    serverUnknown: {
      what: 'Du hast dem Server nicht vertraut, darum wurde ihm nichts gesagt.',
      next: 'Frage den Besitzer nach den Wörtern und verbinde dich noch einmal.',
    },
    invalidAddress: {
      what: 'Das ist keine Adresse eines Servers.',
      next: 'Sie sieht aus wie talk.example.org oder talk.example.org:4640.',
    },
    passphraseNeeded: {
      what: 'Deine Identität blieb verschlossen.',
      next: 'Verbinde dich noch einmal und gib ihre Passphrase ein.',
    },
    wrongPassphrase: {
      what: 'Das ist nicht die Passphrase deiner Identität.',
      next: 'Versuche es noch einmal. Ohne sie kann sie niemand öffnen.',
    },
    noSuchIdentity: {
      what: 'Die Identität für diesen Server ist nicht mehr da.',
      next: 'Wähle eine andere in den Einstellungen unter „Identitäten“.',
    },
    identityUnreadable: {
      what: 'Die Datei deiner Identität ist nicht zu gebrauchen.',
      next: 'Hole deine Sicherung in den Einstellungen unter „Identitäten“ zurück.',
    },
    knownServersUnreadable: {
      what: 'Die Liste der bekannten Server ist beschädigt.',
      next: 'Vergiss sie alle in den Einstellungen unter „Privatsphäre“ oder repariere die Datei.',
    },
    profileBusy: {
      what: 'Ein anderes Programm benutzt gerade dein Profil.',
      next: 'Versuche es gleich noch einmal.',
    },
    disconnected: {
      what: 'Die Verbindung ging verloren.',
      next: 'Verbinde dich noch einmal.',
    },
    sessionEnded: {
      what: 'Der Server hat deine Sitzung beendet.',
      next: 'Du kannst versuchen zurückzukommen.',
    },
    protocolViolation: {
      what: 'Client und Server haben sich nicht verstanden.',
      next: 'Bringe beide auf den neuesten Stand; hilft das nicht, melde es.',
    },
  },
};
