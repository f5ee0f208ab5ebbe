import { isDeepStrictEqual } from 'node:util';
import type { StreamDirection } from '../engine/audio/device/audioDevice.js';
import type { WritingState } from '../engine/audio/tools/writingState.js';
import type { ConnectionState, EngineFault, State } from '../engine/engineState.js';
import { formatServerAddress } from '../engine/serverAddress.js';
import type { LogDraft } from './clientLog.js';

/** What of the State is told of. */
export type LoggedState = Pick<
  State,
  'connection' | 'voice' | 'audio' | 'chaos' | 'throttled' | 'privateRoom'
>;

/** What the log says of a change of the State: of what happened, never of what was said. Pure. */
export function happenings(before: LoggedState, after: LoggedState): LogDraft[] {
  if (before.connection !== after.connection || before.voice !== after.voice) {
    return [...ofConnection(before, after), ...ofVoice(before, after), ...ofOthers(before, after)];
  }
  return ofOthers(before, after);
}

function ofConnection(
  { connection: before }: LoggedState,
  { connection }: LoggedState,
): LogDraft[] {
  if (connection.phase === before.phase) return [];
  const isLost = connection.phase === 'reconnecting' || connection.phase === 'disconnected';
  const level = isLost ? 'warn' : 'info';
  return [
    { level, part: 'connection', text: connection.phase, fields: connectionFields(connection) },
  ];
}

function connectionFields(connection: ConnectionState): LogDraft['fields'] & object {
  return {
    ...('address' in connection && { address: formatServerAddress(connection.address) }),
    ...('serverName' in connection && { server: connection.serverName, pin: connection.pin }),
    ...('reason' in connection && faultFields(connection.reason)),
  };
}

function ofVoice({ voice: before }: LoggedState, { voice }: LoggedState): LogDraft[] {
  const pathOf = (state: State['voice']): string => (state.phase === 'open' ? state.path : '');
  if (voice.phase === before.phase && pathOf(voice) === pathOf(before)) return [];
  const level = voice.phase === 'failed' || pathOf(voice) === 'quic' ? 'warn' : 'info';
  const fields = {
    ...(voice.phase === 'open' && { path: voice.path }),
    ...(voice.phase === 'failed' && faultFields(voice.reason)),
  };
  return [{ level, part: 'voice', text: voice.phase, fields }];
}

function ofOthers(before: LoggedState, after: LoggedState): LogDraft[] {
  return [
    ...ofSound(before, after),
    ...ofDevice(before, after, 'input'),
    ...ofDevice(before, after, 'output'),
    ...ofWriting('dump', before.audio.dump, after.audio.dump),
    ...ofWriting('recording', before.audio.recording, after.audio.recording),
    ...ofNetwork(before, after),
  ];
}

function ofSound({ audio: before }: LoggedState, { audio }: LoggedState): LogDraft[] {
  const drafts: LogDraft[] = [];
  if (audio.phase !== before.phase)
    drafts.push({ level: 'info', part: 'sound', text: audio.phase });
  if (audio.problem !== null && !isDeepStrictEqual(audio.problem, before.problem)) {
    drafts.push(ofFault('sound', audio.problem));
  }
  return drafts;
}

function ofDevice(before: LoggedState, after: LoggedState, direction: StreamDirection): LogDraft[] {
  const [old, device] = [before.audio[direction], after.audio[direction]];
  if (old === device) return [];
  const drafts: LogDraft[] = [];
  const part = direction === 'input' ? 'microphone' : 'headphones';
  if (device.phase !== old.phase) drafts.push({ level: 'info', part, text: device.phase });
  if (device.problem !== null && !isDeepStrictEqual(device.problem, old.problem)) {
    drafts.push(ofFault(part, device.problem));
  }
  return drafts;
}

function ofWriting(part: string, before: WritingState, after: WritingState): LogDraft[] {
  if (before.phase === after.phase && before.problem === after.problem) return [];
  if (after.problem !== null) return [ofFault(part, after.problem)];
  return [{ level: 'info', part, text: after.phase }];
}

function ofNetwork(before: LoggedState, after: LoggedState): LogDraft[] {
  const drafts: LogDraft[] = [];
  for (const direction of ['outgoing', 'incoming'] as const) {
    const chaos = after.chaos[direction];
    if (chaos === before.chaos[direction]) continue;
    const text = chaos === null ? `${direction} is as it is` : `${direction} is made worse`;
    drafts.push({ level: 'info', part: 'network', text, fields: { ...chaos } });
  }
  if (after.throttled !== null && after.throttled !== before.throttled) {
    drafts.push({ level: 'warn', part: 'connection', text: 'the server asks to be slower' });
  }
  if (after.privateRoom?.phase !== before.privateRoom?.phase && after.privateRoom !== null) {
    drafts.push({ level: 'info', part: 'privateRoom', text: after.privateRoom.phase });
  }
  return drafts;
}

function ofFault(part: string, fault: EngineFault): LogDraft {
  return { level: 'warn', part, text: fault.message, fields: { code: fault.code } };
}

function faultFields({ code, message }: EngineFault): { code: string; reason: string } {
  return { code, reason: message };
}
