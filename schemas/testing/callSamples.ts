import { FrameType } from '../frameType.js';
import { CallEntry } from '../generated/rookery/call-entry.js';
import type { CallCommand, CallPut } from '../messages.js';
import { rootRoomId } from '../protocol.js';
import type { MessageSamples } from './sampleMessages.js';

const talkId = '01234567-89ab-8def-8123-456789abcdef';
const userId = 'ffffffff-0000-ffff-0000-ffffffffffff';
const ada = {
  sessionToken: 0xffffffff,
  userId,
  muted: true,
  deafened: true,
  isReconnecting: true,
  isRecording: true,
};
const zoe = {
  sessionToken: 1,
  userId: rootRoomId,
  muted: false,
  deafened: false,
  isReconnecting: false,
  isRecording: false,
};

/** Valid messages of calls, as sampleMessages. */
export const callSamples: Pick<MessageSamples, (CallCommand | CallPut)['type']> = {
  [FrameType.EnterCall]: [
    { type: FrameType.EnterCall, talkId, entry: CallEntry.Ring },
    { type: FrameType.EnterCall, talkId: userId, entry: CallEntry.Return },
  ],
  [FrameType.LeaveCall]: [{ type: FrameType.LeaveCall }],
  [FrameType.DeclineCall]: [{ type: FrameType.DeclineCall, talkId }],
  [FrameType.CallPut]: [
    {
      type: FrameType.CallPut,
      call: {
        talkId,
        startedAtMs: 1_800_000_000_000,
        members: [ada, zoe],
        ringingUserIds: [userId],
        declinedUserIds: [rootRoomId, userId],
      },
    },
    {
      type: FrameType.CallPut,
      call: {
        talkId: userId,
        startedAtMs: 0,
        members: [],
        ringingUserIds: [],
        declinedUserIds: [],
      },
    },
  ],
};
