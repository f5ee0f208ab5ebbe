import { FrameType } from '@rookery/schemas/frameType';
import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import { newUuid } from '@rookery/schemas/uuid';
import { expect, it } from 'vitest';
import { talkName } from './talkName.js';
import { withTalkMessage } from './talks.js';

const ada = { userId: newUuid(), displayName: 'Ada' };
const bob = { userId: newUuid(), displayName: 'Bob' };
const direct = {
  talkId: newUuid(),
  type: RoomType.Direct,
  name: '',
  participants: [ada, bob],
} as const;
const group = { ...direct, talkId: newUuid(), type: RoomType.Group, name: 'Chess' } as const;

it('follows which talks there are, each in its place', () => {
  let talks = withTalkMessage([group], { type: FrameType.TalkList, talks: [direct] });
  expect(talks).toEqual([direct]);
  talks = withTalkMessage(talks, { type: FrameType.TalkPut, talk: group });
  expect(talks).toEqual([direct, group]);
  const robert = { ...direct, participants: [ada, { ...bob, displayName: 'Robert' }] };
  talks = withTalkMessage(talks, { type: FrameType.TalkPut, talk: robert });
  expect(talks).toEqual([robert, group]);
  talks = withTalkMessage(talks, { type: FrameType.TalkRemoved, talkId: direct.talkId });
  expect(talks).toEqual([group]);
});

it('calls a talk of two by the other one', () => {
  expect(talkName(direct, ada.userId)).toBe('Bob');
  expect(talkName(direct, bob.userId)).toBe('Ada');
  expect(talkName(group, ada.userId)).toBe('Chess');
});
