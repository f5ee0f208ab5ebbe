import type { Uuid } from '@rookery/schemas/messages';
import { nameInTalk, ownCall } from '../engine/calls.js';
import { ClientError } from '../engine/clientError.js';
import type { State } from '../engine/engineState.js';
import { openTalk } from './chatPlace.js';
import { joinRoom, type Session } from './session.js';

/** What a command says about where people speak. */
export interface VoicePlaceOptions {
  readonly room: readonly string[];
  readonly roomPassword?: string;
  /** In place of the room: the call with this user, or of a group talk; by name or id. */
  readonly talk?: string;
}

/** Where somebody speaks, as untilStopped() takes it. */
export type VoicePlace = 'inRoom' | 'inCall';

/**
 * Joins the room, or goes into the call, which rings at the others where it was not there.
 *
 * @throws ClientError `noSuchRoom`, `invalidInput`.
 */
export async function enterVoicePlace(
  session: Session,
  { room, roomPassword, talk }: VoicePlaceOptions,
): Promise<VoicePlace> {
  if (talk === undefined) {
    await joinRoom(session, room, roomPassword);
    return 'inRoom';
  }
  await enterCall(session, talk);
  return 'inCall';
}

/** Goes into the call with a user, or of a group talk. @returns the id of the talk. */
export async function enterCall(session: Session, nameOrId: string): Promise<Uuid> {
  const { engine, output } = session;
  const { roomId: talkId } = await openTalk(session, nameOrId);
  await engine.talks.call(talkId);
  output.progress({ event: 'callEntered', talkId, with: nameOrId }, `in the call with ${nameOrId}`);
  return talkId;
}

/**
 * Resolves when somebody else is in the own call, or the user wants to end.
 *
 * @throws ClientError `notAnswered` where it rings at nobody any more.
 */
export function untilAnswered({ engine, stop }: Session): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (outcome: () => void): void => {
      unsubscribe();
      stop.removeEventListener('abort', onStop);
      outcome();
    };
    const onStop = (): void => finish(resolve);
    const look = (state: State): void => {
      const call = ownCall(state);
      if (state.connection.phase === 'disconnected') onStop();
      else if (call !== null && call.members.length > 1) onStop();
      else if (call?.ringingUserIds.length === 0) finish(() => reject(notAnswered(state)));
    };
    const unsubscribe = engine.subscribe(look);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    else look(engine.state);
  });
}

function notAnswered(state: State): ClientError {
  const call = ownCall(state);
  const names = call?.declinedUserIds.map((id) => nameInTalk(state, call.talkId, id)) ?? [];
  const why = names.length === 0 ? '' : ` (${names.join(', ')} declined)`;
  return new ClientError('notAnswered', `nobody answered${why}; write with rookery chat --to`);
}
