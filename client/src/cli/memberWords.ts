import type { SessionInfo } from '@rookery/schemas/messages';
import { pathOfRoom, type View } from '../engine/view.js';

/** Somebody in a room with what is special about them: `Ada (muted; listens to Lobby/Games)`. */
export function memberWords(view: View, session: SessionInfo): string {
  const words = stateWords(view, session);
  const { displayName } = session;
  return words.length === 0 ? displayName : `${displayName} (${words.join('; ')})`;
}

/** `in Lobby/Games (may not speak)` of somebody whom the own session is shown. */
export function whereWords(view: View, session: SessionInfo): string {
  const { roomId } = session;
  const where = roomId === null ? 'in no room' : `in ${pathOfRoom(view, roomId) ?? roomId}`;
  const words = stateWords(view, session);
  return words.length === 0 ? where : `${where} (${words.join('; ')})`;
}

/** What is special about somebody who is there, each in a few words. */
function stateWords(view: View, session: SessionInfo): string[] {
  const { muted, deafened, isReconnecting, listeningTo } = session;
  const paths = listeningTo.map((roomId) => pathOfRoom(view, roomId) ?? roomId);
  return [
    session.isBot ? 'bot' : '',
    session.isRecording ? 'RECORDING' : '',
    isReconnecting ? 'reconnecting' : '',
    session.mutedByModerator ? 'muted by a moderator' : muted ? 'muted' : '',
    session.deafenedByModerator ? 'deafened by a moderator' : deafened ? 'deafened' : '',
    session.suppressedByModerator ? 'suppressed' : '',
    session.suppressedByRules ? 'may not speak' : '',
    session.isPrioritySpeaker ? 'priority speaker' : '',
    paths.length === 0 ? '' : `listens to ${paths.toSorted().join(', ')}`,
  ].filter((word) => word !== '');
}
