import type { updatesWords as english } from '../en/updates.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const updatesWords: Translated<typeof english> = {
  updates: {
    notice: 'Eine neuere Version',
    isThere: 'Rookery {version} ist da',
    isThereSince: 'Rookery {version} vom {day} ist da.',
    whatIsNew: 'Was neu ist',
    openPage: 'Seite öffnen',
    skip: 'Diese Version überspringen',
    later: 'Später',
    title: 'Neue Versionen',
    installed: 'Dies ist Rookery {version}.',
    looksForUpdates: 'Nach neuen Versionen sehen',
    looksForUpdatesHint:
      'Etwa einmal am Tag. Installiert wird nichts: Du erfährst, dass es eine gibt, und wo. Wer sie veröffentlicht, erfährt deine Netzadresse und sonst nichts.',
    lookNow: 'Jetzt nachsehen',
    looking: 'Sieht nach …',
    lookedAt: 'Zuletzt nachgesehen: {time}.',
    neverLooked: 'Bisher nie nachgesehen.',
    askedAt: 'Nachgesehen wird bei {address}.',
    newest: 'Du hast die neueste Version.',
    noClient: 'Die Veröffentlichung dort hat keinen Client für dich.',
    unreachable: 'Es ist nicht zu erreichen: {why}',
    notSigned:
      'Was dort liegt, ist nicht mit dem Schlüssel signiert, dem dieser Client vertraut. Es blieb liegen: Jemand hat es unterwegs verändert, oder wer es veröffentlicht, hat einen anderen Schlüssel.',
    stale: {
      overtaken:
        'Was dort liegt, ist älter als das, was dort schon lag, und blieb liegen: Wer es veröffentlicht, ging zurück, ohne es zu erneuern, oder jemand enthält dir etwas Neueres vor.',
      ahead:
        'Was dort liegt, wurde nach der Uhr dieses Rechners zu einer Zeit signiert, die noch nicht gekommen ist, und blieb liegen. Stelle die Uhr, und sieh noch einmal nach.',
      ended:
        'Was dort liegt, ist abgelaufen und blieb liegen: Wer es veröffentlicht, hat es nicht erneuert, jemand enthält dir etwas Neueres vor, oder die Uhr dieses Rechners geht falsch.',
    },
    fault: {
      fetchUnknownHost:
        'Ein Rechner dieses Namens war nicht zu finden. Sieh, ob dieser Rechner in einem Netz ist, und sieh noch einmal nach.',
      fetchNoWay:
        'Dorthin führt kein Weg. Sieh, ob dieser Rechner in einem Netz ist, und sieh noch einmal nach.',
      fetchNobodyThere: 'Dort antwortet niemand. Sieh später noch einmal nach.',
      fetchSilent: 'Es schickt nichts. Sieh später noch einmal nach.',
      fetchSlow: 'Es schickt zu langsam. Sieh später noch einmal nach.',
      fetchBroken: 'Die Verbindung brach ab. Sieh noch einmal nach.',
      fetchNotTrusted:
        'Sein Zertifikat ist keines, dem dieser Rechner vertraut. Sieh, ob die Uhr dieses Rechners richtig geht; sonst steht vielleicht jemand dazwischen.',
      fetchAnswer:
        'Es antwortet {fact}. Sieh später noch einmal nach; bleibt es so, sag es denen, die es veröffentlichen.',
      fetchUnencrypted:
        'Es führt zu {fact}, und das ist nicht verschlüsselt. Sag es denen, die es veröffentlichen.',
      fetchAstray:
        'Es führt ohne Ende von einer Adresse zur nächsten. Sag es denen, die es veröffentlichen.',
      fetchTooLarge:
        'Es ist größer als das, was eine Veröffentlichung von sich sagt. Sag es denen, die es veröffentlichen.',
      fetchGivenUp: 'Es wurde aufgegeben. Sieh noch einmal nach.',
      fetchFailed:
        'Die Verbindung misslang. Sieh später noch einmal nach; das Protokoll dieses Clients sagt mehr.',
      unknownForm:
        'Es ist auf eine Weise geschrieben, die diese Version nicht kennt. Hole eine neuere dort, wo du diese geholt hast.',
    },
    unusable: 'Was dort liegt, ist nicht zu lesen und blieb liegen: {why}',
    refusals:
      'Seit dem Start einmal liegen gelassen. | Seit dem Start {count}-mal liegen gelassen.',
    skipped: 'Du überspringst diese Version.',
    unskip: 'Doch daran erinnern',
    file: 'Die Datei für diesen Rechner ist {name} ({size}), neben der Veröffentlichung. Ihr SHA-256:',
    problem: {
      noAddress:
        'Niemand hat gesagt, wo neuere Versionen liegen, deshalb wird niemand gefragt: Diesen Client hat kein Herausgeber gepackt. Setze „updateUrl“ und „updateKey“ in client.json des Profils, oder starte ihn mit --update-url und --update-key.',
      noKey:
        'Niemand hat gesagt, mit wessen Schlüssel Veröffentlichungen signiert sind, deshalb wird niemand gefragt. Setze „updateKey“ in client.json des Profils, oder starte den Client mit --update-key.',
      badAddress:
        'Die Adresse der Veröffentlichungen ist keine, die gefragt wird: {address}. Sie muss eine https-Adresse eines Ordners mit manifest.json sein.',
      badKey:
        'Der Schlüssel der Veröffentlichungen ist keiner, deshalb wird niemand gefragt. Er muss base64 der 32 Bytes eines öffentlichen Ed25519-Schlüssels sein.',
    },
  },
};
