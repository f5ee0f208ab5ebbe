import { accessWords } from './en/access.js';
import { adminWords } from './en/admin.js';
import { appWords } from './en/app.js';
import { chatWords } from './en/chat.js';
import { connectWords } from './en/connect.js';
import { desktopWords } from './en/desktop.js';
import { developerWords } from './en/developer.js';
import { filesWords } from './en/files.js';
import { faultWords } from './en/faults.js';
import { firstRunWords } from './en/firstRun.js';
import { identitiesWords } from './en/identities.js';
import { keyMapWords } from './en/keyMap.js';
import { keysWords } from './en/keys.js';
import { notifyWords } from './en/notify.js';
import { peopleWords } from './en/people.js';
import { permissionsWords } from './en/permissions.js';
import { pluginsWords } from './en/plugins.js';
import { privacyWords } from './en/privacy.js';
import { roomsWords } from './en/rooms.js';
import { settingsWords } from './en/settings.js';
import { soundWords } from './en/sound.js';
import { tableWords } from './en/table.js';
import { talksWords } from './en/talks.js';
import { updatesWords } from './en/updates.js';
import { voiceWords } from './en/voice.js';
import { whispersWords } from './en/whispers.js';

/** English: the language that all others are held against. */
export const en = {
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
