import { defaultRoom } from '@rookery/schemas/protocol';
import { ownCall } from '../../calls.js';
import { ownRoom, type State } from '../../engineState.js';
import type { SpeechEncoding } from '../speechSender.js';

/** As the own room says; calls are as new rooms are. null where one speaks nowhere. Pure. */
export function speechEncodingOf(state: State): SpeechEncoding | null {
  return ownCall(state) === null ? ownRoom(state) : defaultRoom;
}
