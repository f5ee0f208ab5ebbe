import type { SessionInfo } from '@rookery/schemas/messages';
import { pathOfRoom, type View } from '../engine/view.js';

/** Somebody in a room with what is special about them: `Ada (muted; listens to Lobby/Games)`. */
export function memberWords(view: View, session: SessionInfo): string {
  const { displayName, muted, deafened, isReconnecting, listeningTo } = session;
  const paths = listeningTo.map((roomId) => pathOfRoom(view, roomId) ?? roomId);
  const words = [
    session.isRecording ? 'RECORDING' : '',
    isReconnecting ? 'reconnecting' : '',
    session.mutedByModerator ? 'muted by a moderator' : muted ? 'muted' : '',
    session.deafenedByModerator ? 'deafened by a moderator' : deafened ? 'deafened' : '',
    session.suppressedByModerator ? 'suppressed' : '',
    session.isPrioritySpeaker ? 'priority speaker' : '',
    paths.length === 0 ? '' : `listens to ${paths.toSorted().join(', ')}`,
  ].filter((word) => word !== '');
  return words.length === 0 ? displayName : `${displayName} (${words.join('; ')})`;
}
