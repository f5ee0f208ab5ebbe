import type { SoundName } from '@rookery/client/host/noticeNames';

/** What of the state can be heard when it changes. */
export interface HearableState {
  /** Of the connection: there, tried for again, ended by the server, or not there. */
  readonly connection: 'there' | 'lost' | 'thrownOut' | 'none';
  readonly ownToken: number | null;
  /** null: in no room. */
  readonly roomId: string | null;
  /** Session tokens of the others in that room. */
  readonly others: ReadonlySet<number>;
  readonly isMuted: boolean;
  readonly isDeafened: boolean;
  /** How many whisper to the own user now. */
  readonly whisperers: number;
}

/** @returns the sounds that a change makes, in order; many who come at once make one. Pure. */
export function soundsBetween(before: HearableState, after: HearableState): SoundName[] {
  const sounds: SoundName[] = [];
  const connection = soundOfConnection(before.connection, after.connection);
  if (connection !== null) sounds.push(connection);
  const isSession = before.ownToken !== null && before.ownToken === after.ownToken;
  if (isSession && before.connection === 'there' && after.connection === 'there') {
    sounds.push(...soundsOfRoom(before, after));
  }
  if (before.isDeafened !== after.isDeafened) sounds.push(after.isDeafened ? 'deafen' : 'unmute');
  else if (before.isMuted !== after.isMuted) sounds.push(after.isMuted ? 'mute' : 'unmute');
  if (after.whisperers > before.whisperers) sounds.push('whisper');
  return sounds;
}

function soundOfConnection(
  before: HearableState['connection'],
  after: HearableState['connection'],
): SoundName | null {
  if (before === after) return null;
  if (before === 'there' && after === 'lost') return 'disconnected';
  if (before === 'lost' && after === 'there') return 'reconnected';
  return after === 'thrownOut' && before !== 'none' ? 'kicked' : null;
}

function soundsOfRoom(before: HearableState, after: HearableState): SoundName[] {
  if (before.roomId !== after.roomId) return [after.roomId === null ? 'ownLeave' : 'ownJoin'];
  if (after.roomId === null) return [];
  const hasCome = [...after.others].some((token) => !before.others.has(token));
  const hasGone = [...before.others].some((token) => !after.others.has(token));
  return [...(hasCome ? (['join'] as const) : []), ...(hasGone ? (['leave'] as const) : [])];
}
