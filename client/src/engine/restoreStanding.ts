import { FrameType } from '@rookery/schemas/frameType';
import { ownSession } from './engineState.js';
import { isAccepted } from './sessionFaults.js';
import type { SessionKeeper } from './sessionKeeper.js';
import { roomToReturnTo, type Standing } from './standing.js';

/** Makes a new session what the one before was. @throws ClientError as SessionKeeper.request(). */
export async function restoreStanding(
  keeper: Pick<SessionKeeper, 'request' | 'state' | 'until'>,
  standing: Standing,
): Promise<void> {
  const { muted, deafened } = standing;
  if (muted || deafened) {
    await keeper.request({ type: FrameType.SetSelfState, muted, deafened });
  }
  const roomId = roomToReturnTo(keeper.state.view, standing);
  if (roomId === null) return;
  const isIn = await isAccepted(keeper.request({ type: FrameType.JoinRoom, roomId }));
  if (isIn) await keeper.until((state) => ownSession(state)?.roomId === roomId);
}
