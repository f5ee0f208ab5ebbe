import type { RemoteCommands } from '@rookery/client/bridge/remoteCommands';
import type { RoomInfo } from '@rookery/schemas/messages';
import type { RoomChange, RoomField } from '../model/roomDraft.js';
import { faultOf } from './faultWords.js';

/** What the server said against parts of a form; under `form` what is about no field. */
export type Refused = Partial<Record<RoomField | 'form', string>>;

interface Step {
  /** Where it belongs what the server says against it. */
  readonly place: RoomField | 'form';
  readonly isAsked: boolean;
  readonly run: () => Promise<unknown>;
}

/**
 * Sends what was changed of a room, each part in a command of its own where the server may refuse
 * it for a reason of its own, and goes on with the others then.
 *
 * @param room as it is
 * @returns what was refused; nothing where all was taken
 */
export async function saveRoom(
  commands: RemoteCommands,
  room: RoomInfo,
  change: RoomChange,
): Promise<Refused> {
  const refused: Refused = {};
  for (const { place, isAsked, run } of stepsOf(commands, room, change)) {
    if (isAsked) await run().catch((error: unknown) => (refused[place] = faultOf(error).message));
  }
  return refused;
}

function stepsOf({ engine, access }: RemoteCommands, room: RoomInfo, change: RoomChange): Step[] {
  const { roomId, speakersMax, bundleWindowMs, bitrate } = room;
  const { name, properties, requiredRole, password } = change;
  const { isPrivate, isTemporary, ...plain } = properties;
  const voice: Step = {
    place: 'bitrateKbps',
    isAsked: Object.keys(change.voice).length > 0,
    run: () =>
      engine.setRoomVoice(roomId, { speakersMax, bundleWindowMs, bitrate, ...change.voice }),
  };
  const edits: Step = {
    place: 'form',
    isAsked: Object.keys(plain).length > 0,
    run: () => engine.editRoom(roomId, plain),
  };
  // Longer frames hold a lower bitrate only: whichever makes room for the other goes first.
  const isLess = (change.voice.bitrate ?? bitrate) < bitrate;
  return [
    { place: 'name', isAsked: name !== null, run: () => engine.renameRoom(roomId, name!) },
    ...(isLess ? [voice, edits] : [edits, voice]),
    {
      place: 'isTemporary',
      isAsked: isTemporary !== undefined,
      run: () => engine.editRoom(roomId, { isTemporary: isTemporary! }),
    },
    {
      place: 'isPrivate',
      isAsked: isPrivate !== undefined,
      run: () => engine.editRoom(roomId, { isPrivate: isPrivate! }),
    },
    {
      place: password === null ? 'requiredRole' : 'password',
      isAsked: requiredRole !== undefined || password !== null,
      run: async () => {
        // As they are now: of them nothing but the doors is changed here.
        const { version, entries, inherits, ...now } = await access.readRules(roomId);
        const door = requiredRole === undefined ? now.requiredRole : requiredRole;
        const doors = { requiredRole: door, password };
        await access.setRules({ roomId, version, entries, inherits, ...doors });
      },
    },
  ];
}
