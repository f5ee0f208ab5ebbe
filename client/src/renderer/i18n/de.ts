import { accessWords } from './de/access.js';
import { adminWords } from './de/admin.js';
import { appWords } from './de/app.js';
import { chatWords } from './de/chat.js';
import { connectWords } from './de/connect.js';
import { desktopWords } from './de/desktop.js';
import { developerWords } from './de/developer.js';
import { filesWords } from './de/files.js';
import { faultWords } from './de/faults.js';
import { firstRunWords } from './de/firstRun.js';
import { identitiesWords } from './de/identities.js';
import { keyMapWords } from './de/keyMap.js';
import { keysWords } from './de/keys.js';
import { notifyWords } from './de/notify.js';
import { peopleWords } from './de/people.js';
import { permissionsWords } from './de/permissions.js';
import { pluginsWords } from './de/plugins.js';
import { privacyWords } from './de/privacy.js';
import { roomsWords } from './de/rooms.js';
import { settingsWords } from './de/settings.js';
import { soundWords } from './de/sound.js';
import { tableWords } from './de/table.js';
import { talksWords } from './de/talks.js';
import { updatesWords } from './de/updates.js';
import { voiceWords } from './de/voice.js';
import { whispersWords } from './de/whispers.js';
import type { en } from './en.js';
import type { Translated } from './messageSchema.js';

/** German. */
export const de: Translated<typeof en> = {
  ...accessWords,
  ...adminWords,
  ...appWords,
  ...chatWords,
  ...connectWords,
  ...desktopWords,
  ...developerWords,
  ...filesWords,
  ...faultWords,
  ...firstRunWords,
  ...identitiesWords,
  ...keyMapWords,
  ...keysWords,
  ...notifyWords,
  ...peopleWords,
  ...permissionsWords,
  ...pluginsWords,
  ...privacyWords,
  ...roomsWords,
  ...settingsWords,
  ...soundWords,
  ...tableWords,
  ...talksWords,
  ...updatesWords,
  ...voiceWords,
  ...whispersWords,
};
