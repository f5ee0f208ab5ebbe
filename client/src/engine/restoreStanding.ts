import { FrameType } from '@rookery/schemas/frameType';
import { CallEntry } from '@rookery/schemas/generated/rookery/call-entry';
import type { Uuid } from '@rookery/schemas/messages';
import { ownCall } from './calls.js';
import { ownSession } from './engineState.js';
import { isAccepted } from './sessionFaults.js';
import type { SessionKeeper } from './sessionKeeper.js';
import { roomToReturnTo, type Standing } from './standing.js';

type Keeper = Pick<SessionKeeper, 'request' | 'state' | 'until'>;

/** Makes a new session what the one before was. @throws ClientError as SessionKeeper.request(). */
export async function restoreStanding(keeper: Keeper, standing: Standing): Promise<void> {
  const { muted, deafened, isRecording, callTalkId } = standing;
  if (muted || deafened) {
    await keeper.request({ type: FrameType.SetSelfState, muted, deafened });
  }
  if (callTalkId !== null) await returnToCall(keeper, callTalkId);
  await returnToRoom(keeper, standing);
  // Voice is not open again yet, so nothing is heard without the mark.
  if (isRecording) await keeper.request({ type: FrameType.SetRecording, isRecording });
}

async function returnToRoom(keeper: Keeper, standing: Standing): Promise<void> {
  const roomId = roomToReturnTo(keeper.state.view, standing);
  if (roomId === null) return;
  const isIn = await isAccepted(keeper.request({ type: FrameType.JoinRoom, roomId }));
  if (isIn) await keeper.until((state) => ownSession(state)?.roomId === roomId);
}

/** Who is in a call is in no room. */
async function returnToCall(keeper: Keeper, talkId: Uuid): Promise<void> {
  if (!keeper.state.talks.some((talk) => talk.talkId === talkId)) return;
  const entry = CallEntry.Return;
  const isIn = await isAccepted(keeper.request({ type: FrameType.EnterCall, talkId, entry }));
  if (isIn) await keeper.until((state) => ownCall(state)?.talkId === talkId);
}
