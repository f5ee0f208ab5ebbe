import type { FrameType } from './frameType.js';
import type { CallEntry } from './generated/rookery/call-entry.js';
import type { Uuid } from './uuid.js';

/** Messages of calls, part of messages.ts; what each field means stands in control/calls.fbs. */

interface Of<T extends FrameType> {
  readonly type: T;
}
type T = typeof FrameType;

export interface EnterCall extends Of<T['EnterCall']> {
  readonly talkId: Uuid;
  readonly entry: CallEntry;
}
export type LeaveCall = Of<T['LeaveCall']>;
export interface DeclineCall extends Of<T['DeclineCall']> {
  readonly talkId: Uuid;
}

export interface CallMember {
  readonly sessionToken: number;
  readonly userId: Uuid;
  /** By the user or by a moderator, as the next. */
  readonly muted: boolean;
  readonly deafened: boolean;
  /** Its connection was lost a moment ago, and it may come back. */
  readonly isReconnecting: boolean;
  /** It says that it records what it hears. */
  readonly isRecording: boolean;
}
export interface CallInfo {
  readonly talkId: Uuid;
  /** Milliseconds since 1970, by the server's clock. */
  readonly startedAtMs: number;
  /** In the order in which they came; nobody where the call is over. */
  readonly members: readonly CallMember[];
  readonly ringingUserIds: readonly Uuid[];
  /** Who declined it, and did not come since. */
  readonly declinedUserIds: readonly Uuid[];
}
export interface CallPut extends Of<T['CallPut']> {
  readonly call: CallInfo;
}

export type CallCommand = EnterCall | LeaveCall | DeclineCall;
