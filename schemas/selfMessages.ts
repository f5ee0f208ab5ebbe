import type { FrameType } from './frameType.js';

/**
 * What a session says of itself. The meaning of each field stands in `control/commands.fbs`.
 */

export interface SetSelfState {
  readonly type: (typeof FrameType)['SetSelfState'];
  readonly muted: boolean;
  readonly deafened: boolean;
}
export interface SetRecording {
  readonly type: (typeof FrameType)['SetRecording'];
  readonly isRecording: boolean;
}

export type SelfCommand = SetSelfState | SetRecording;
