import { FrameType } from '../frameType.js';
import type { AnnouncedKey, MemberKeyList, PrivateCommand, PrivateNews } from '../messages.js';
import { fieldLimits, rootRoomId, sealedShareBytes } from '../protocol.js';
import type { MessageSamples } from './sampleMessages.js';

const roomId = '01234567-89ab-7def-8123-456789abcdef';
const key: AnnouncedKey = {
  sessionToken: 0xffffffff,
  publicKey: counting(32),
  identityKey: new Uint8Array(32).fill(0xff),
  signature: counting(64),
};
const share = { sessionToken: 7, sealed: counting(sealedShareBytes) };

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i + 1);
}

type PrivateType = (PrivateCommand | PrivateNews | MemberKeyList)['type'];

/** Valid messages of private rooms, as sampleMessages. */
export const privateSamples: Pick<MessageSamples, PrivateType> = {
  [FrameType.AnnounceKey]: [
    {
      type: FrameType.AnnounceKey,
      roomId,
      publicKey: counting(32),
      identityKey: counting(32),
      signature: counting(64),
    },
  ],
  [FrameType.ShareKey]: [
    { type: FrameType.ShareKey, roomId, keyNumber: 1, shares: [share] },
    {
      type: FrameType.ShareKey,
      roomId: rootRoomId,
      keyNumber: 0xffffffff,
      shares: Array.from({ length: fieldLimits.privateMembersMax }, () => share),
    },
    { type: FrameType.ShareKey, roomId, keyNumber: 0, shares: [] },
  ],
  [FrameType.MemberKey]: [{ type: FrameType.MemberKey, roomId, key }],
  [FrameType.MemberKeyList]: [
    { type: FrameType.MemberKeyList, keys: [{ ...key, sessionToken: 0 }, key] },
    { type: FrameType.MemberKeyList, keys: [] },
  ],
  [FrameType.KeyShare]: [
    {
      type: FrameType.KeyShare,
      roomId,
      senderToken: 0,
      keyNumber: 0xffffffff,
      sealed: counting(sealedShareBytes),
    },
  ],
};
