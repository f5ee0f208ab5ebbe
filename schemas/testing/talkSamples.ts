import { FrameType } from '../frameType.js';
import { RoomType } from '../generated/rookery/room-type.js';
import type { TalkCommand, TalkInfo, TalkMessage, UsersFound } from '../messages.js';
import { rootRoomId } from '../protocol.js';
import type { MessageSamples } from './sampleMessages.js';

const talkId = '01234567-89ab-8def-8123-456789abcdef';
const adaId = 'ffffffff-0000-ffff-0000-ffffffffffff';
const ada = { userId: adaId, displayName: 'Ada \u{1f426}' };
const zoe = { userId: rootRoomId, displayName: 'Zo\u00eb' };

const direct: TalkInfo = { talkId, type: RoomType.Direct, name: '', participants: [ada, zoe] };
const group: TalkInfo = {
  talkId: adaId,
  type: RoomType.Group,
  name: 'Schach \u265f',
  participants: [zoe],
};

type TalkType = (TalkCommand | TalkMessage | UsersFound)['type'];

/** Valid messages of talks, as sampleMessages. */
export const talkSamples: Pick<MessageSamples, TalkType> = {
  [FrameType.OpenTalk]: [{ type: FrameType.OpenTalk, userId: adaId }],
  [FrameType.CreateTalk]: [
    { type: FrameType.CreateTalk, name: 'Chess', userIds: [adaId, rootRoomId] },
    { type: FrameType.CreateTalk, name: '', userIds: [] },
  ],
  [FrameType.EditTalk]: [
    { type: FrameType.EditTalk, talkId, name: 'Go', addedUserIds: [adaId] },
    { type: FrameType.EditTalk, talkId, name: null, addedUserIds: [] },
  ],
  [FrameType.LeaveTalk]: [{ type: FrameType.LeaveTalk, talkId }],
  [FrameType.FindUsers]: [{ type: FrameType.FindUsers, name: 'zo\u00eb' }],
  [FrameType.UsersFound]: [
    {
      type: FrameType.UsersFound,
      users: [
        { ...ada, online: true, lastSeenMs: 1_800_000_000_000 },
        { ...zoe, online: false, lastSeenMs: 0 },
      ],
    },
    { type: FrameType.UsersFound, users: [] },
  ],
  [FrameType.TalkList]: [
    { type: FrameType.TalkList, talks: [direct, group] },
    { type: FrameType.TalkList, talks: [] },
  ],
  [FrameType.TalkPut]: [
    { type: FrameType.TalkPut, talk: direct },
    { type: FrameType.TalkPut, talk: { ...group, participants: [] } },
  ],
  [FrameType.TalkRemoved]: [{ type: FrameType.TalkRemoved, talkId }],
};
