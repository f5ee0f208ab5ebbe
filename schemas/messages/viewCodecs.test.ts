import type { Builder, Offset } from 'flatbuffers';
import { describe, expect, test } from 'vitest';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import { encodeMessage } from '../messageCodec.js';
import { rootRoomId } from '../protocol.js';
import { expectInvalid, handmade } from '../testing/handmadeMessage.js';
import { sampleMessages } from '../testing/sampleMessages.js';

const { Payload } = tables;

describe('a change', () => {
  const { ChangeKind } = tables;

  function changeOf(kind: number): (builder: Builder) => Offset {
    return (builder) => {
      tables.Change.startChange(builder);
      builder.addFieldInt8(0, kind, 0);
      const changes = [tables.Change.endChange(builder)];
      const vector = tables.StateUpdate.createChangesVector(builder, changes);
      return tables.StateUpdate.createStateUpdate(builder, vector);
    };
  }

  test.each([
    [ChangeKind.RoomPut, 'room is missing'],
    [ChangeKind.RoomRemoved, 'roomId is missing'],
    [ChangeKind.RoomCount, 'roomId is missing'],
    [ChangeKind.SessionPut, 'kind is SessionPut, which has no place here'],
    [ChangeKind.SessionRemoved, 'kind is SessionRemoved, which has no place here'],
    [5, 'kind is 5, which means nothing'],
  ])('of the tree, of kind %i, must have what its kind needs', (kind, reason) => {
    expectInvalid(FrameType.StateUpdate, handmade(Payload.StateUpdate, changeOf(kind)), reason);
  });

  test.each([
    [ChangeKind.SessionPut, 'session is missing'],
    [ChangeKind.RoomPut, 'kind is RoomPut, which has no place here'],
    [ChangeKind.RoomRemoved, 'kind is RoomRemoved, which has no place here'],
    [ChangeKind.RoomCount, 'kind is RoomCount, which has no place here'],
  ])('of members, of kind %i, must have what its kind needs', (kind, reason) => {
    const payload = handmade(Payload.MembersUpdate, (builder) => {
      tables.Change.startChange(builder);
      builder.addFieldInt8(0, kind, 0);
      const changes = [tables.Change.endChange(builder)];
      const vector = tables.MembersUpdate.createChangesVector(builder, changes);
      return tables.MembersUpdate.createMembersUpdate(builder, 0, vector);
    });
    expectInvalid(FrameType.MembersUpdate, payload, reason);
  });
});

describe('lists of rooms', () => {
  test('are in ascending order, each room once', () => {
    const [{ session }] = sampleMessages[FrameType.OwnSession];
    const reason = 'listeningTo is not in ascending order';
    for (const listeningTo of [[...session.listeningTo].reverse(), [rootRoomId, rootRoomId]]) {
      const wrong = { type: FrameType.OwnSession, session: { ...session, listeningTo } };
      expect(() => encodeMessage(wrong)).toThrow(reason);
    }
    const payload = handmade(Payload.OwnSession, (builder) => {
      const id = builder.createByteVector(new Uint8Array(16));
      const name = builder.createString('x');
      const twice = builder.createByteVector(new Uint8Array(32));
      tables.SessionInfo.startSessionInfo(builder);
      tables.SessionInfo.addUserId(builder, id);
      tables.SessionInfo.addDisplayName(builder, name);
      tables.SessionInfo.addListeningTo(builder, twice);
      return tables.OwnSession.createOwnSession(
        builder,
        tables.SessionInfo.endSessionInfo(builder),
      );
    });
    expectInvalid(FrameType.OwnSession, payload, reason);
  });
});

describe('the view', () => {
  test('has one count for each room', () => {
    const sample = sampleMessages[FrameType.RoomInit][0];
    const reason = 'memberCounts has not one count for each room';
    expect(() => encodeMessage({ ...sample, memberCounts: [1] })).toThrow(reason);
    const payload = handmade(Payload.RoomInit, (builder) => {
      const counts = tables.RoomInit.createMemberCountsVector(builder, [1]);
      return tables.RoomInit.createRoomInit(builder, 0, counts);
    });
    expectInvalid(FrameType.RoomInit, payload, reason);
  });

  test('shows nobody among the members of a room that is another', () => {
    const { members } = sampleMessages[FrameType.RoomMembers][0];
    const wrong = { type: FrameType.RoomMembers, roomId: rootRoomId, members };
    expect(() => encodeMessage(wrong)).toThrow('roomId of a member is');
  });
});
