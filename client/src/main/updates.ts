import type { UpdatesState } from '../host/updatesState.js';
import { targetOf } from './shellLinks.js';
import type { ShellWords } from './shellWords.js';

/** What the main process says of newer versions, when the tray's menu asks. */
export interface UpdateMessage {
  readonly message: string;
  /** To be opened in a browser, where the user wants it; null: there is none to open. */
  readonly page: string | null;
}

/** Pure. @param updates after a look */
export function updateMessage(updates: UpdatesState, words: ShellWords): UpdateMessage {
  const { outcome, installedVersion } = updates;
  const found = outcome?.kind === 'newer' ? outcome.version : null;
  const version = found?.version ?? '';
  const message = wordsOf(updates, words)
    .replace('{version}', version)
    .replace('{installed}', installedVersion);
  return {
    message,
    page: found !== null && targetOf(found.page) === 'browser' ? found.page : null,
  };
}

function wordsOf({ problem, outcome }: UpdatesState, words: ShellWords): string {
  if (problem !== null || outcome === null) return words.updatesUnknown;
  switch (outcome.kind) {
    case 'newer':
      return words.updatesNewer;
    case 'newest':
    case 'noClient':
      return words.updatesNone;
    case 'unreachable':
      return words.updatesUnreachable;
    case 'notSigned':
    case 'stale':
    case 'unusable':
      return words.updatesRefused;
  }
}
