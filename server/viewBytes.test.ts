import { expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { encodeMessage } from '@rookery/schemas/messageCodec';
import { defaultRoom, fieldLimits } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { controlLimits } from './limits.js';
import { treeBytesMax } from './viewBytes.js';

test('the largest tree is no larger than it is said to be', () => {
  const room = {
    ...{ roomId: newUuid(), parentId: newUuid(), ...defaultRoom },
    linkedRoomIds: [newUuid()],
    name: 'x'.repeat(fieldLimits.roomNameBytesMax),
    description: 'x'.repeat(fieldLimits.roomDescriptionBytesMax),
    ...{ speakersMax: 1, bundleWindowMs: 1, bitrate: 6_000, position: 1, userLimit: 1 },
    ...{ isTemporary: true, frameMs: 60, isFecOn: false, keepDays: 1, keepMessages: 1 },
    ...{ slowModeSeconds: 1, isLocked: true },
    isPrivate: true,
  };
  const rooms = Array.from({ length: 200 }, () => room);
  const memberCounts = rooms.map(() => 1);
  const limits = { ...controlLimits.state, roomsMax: rooms.length, linksMax: rooms.length / 2 };
  const bytes = encodeMessage({ type: FrameType.RoomInit, rooms, memberCounts }).length;
  expect(bytes).toBeLessThanOrEqual(treeBytesMax(limits));
});
