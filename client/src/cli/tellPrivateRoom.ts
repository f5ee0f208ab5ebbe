import type { Engine } from '../engine/engine.js';
import type { PrivateMember } from '../engine/privateCircle.js';
import type { PrivateRoomState } from '../engine/privateRooms.js';
import { pathOfRoom } from '../engine/view.js';
import type { Output } from './output.js';

/** Says how private the own room is, whenever that changes, until the engine is closed. */
export function tellPrivateRoom(engine: Engine, output: Pick<Output, 'progress'>): void {
  let told = '';
  const tell = (): void => {
    const { privateRoom, view } = engine.state;
    if (privateRoom === null || privateRoom.phase === 'entering') {
      told = '';
      return;
    }
    const room = pathOfRoom(view, privateRoom.roomId) ?? privateRoom.roomId;
    const { event, text } = privateRoomWords(privateRoom, room);
    if (text === told) return;
    told = text;
    output.progress(event, text);
  };
  tell();
  engine.subscribe(tell);
}

/** @param room its path. Pure. */
export function privateRoomWords(
  { roomId, phase, safetyCode, members }: PrivateRoomState,
  room: string,
): { readonly event: { readonly event: string } & Record<string, unknown>; readonly text: string } {
  if (phase === 'opened') {
    const text =
      `${room} is private no more, says the server: nothing is sent or heard there until you ` +
      'join it again';
    return { event: { event: 'privacyEnded', roomId, room }, text };
  }
  const event = { event: 'safetyCode', roomId, room, safetyCode, members };
  const people = namesOf(members, 'proven').join(', ');
  const warnings = namesOf(members, 'false').map(
    (name) =>
      `WARNING: the key of ${name} is not signed by ${name}: somebody put another in its place. ` +
      'They get no key of yours, and you do not hear them',
  );
  const code = `${room} is private; safety code of ${people}: ${safetyCode}`;
  return { event, text: [code, ...warnings].join('\n') };
}

function namesOf(members: readonly PrivateMember[], trust: PrivateMember['trust']): string[] {
  return members
    .filter((member) => member.trust === trust)
    .map(({ displayName }) => displayName)
    .sort((a, b) => a.localeCompare(b));
}
