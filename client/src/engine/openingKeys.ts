import { RoomKeys } from './roomKeys.js';
import type { View } from './view.js';
import type { OpeningKeys } from './voiceReceiver.js';
import { WhisperKeys } from './whisperKeys.js';

/** Keys of a new session: none yet. @param view what the session shows when it is asked */
export function newOpeningKeys(view: () => View): OpeningKeys {
  const room = new RoomKeys((token) => view().sessions.get(token)?.roomId ?? null);
  return { room, whisper: new WhisperKeys() };
}
