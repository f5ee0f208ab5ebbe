import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits, sealedShareBytes } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import { bytesField, idField, integerField, listField, present } from './fields.js';

const roomId = idField('roomId');
const sessionToken = integerField('sessionToken', 0, 0xffffffff);
const senderToken = integerField('senderToken', 0, 0xffffffff);
const keyNumber = integerField('keyNumber', 0, 0xffffffff);
const publicKey = bytesField('publicKey', 32);
const identityKey = bytesField('identityKey', 32);
const signature = bytesField('signature', 64);
const sealed = bytesField('sealed', sealedShareBytes);
const shares = listField('shares', fieldLimits.privateMembersMax);
const keys = listField('keys', fieldLimits.privateMembersMax);

/** Keys that members of private rooms make themselves (control/private.fbs). */
export const privateCodecs: CodecTable<
  (messages.PrivateCommand | messages.PrivateNews | messages.MemberKeyList)['type']
> = {
  [FrameType.AnnounceKey]: defineCodec<messages.AnnounceKey, tables.AnnounceKey>(
    tables.Payload.AnnounceKey,
    tables.AnnounceKey,
    (table) => ({
      type: FrameType.AnnounceKey,
      roomId: roomId.read(table.roomIdArray()),
      publicKey: publicKey.read(table.publicKeyArray()),
      identityKey: identityKey.read(table.identityKeyArray()),
      signature: signature.read(table.signatureArray()),
    }),
    (builder, message) =>
      tables.AnnounceKey.createAnnounceKey(
        builder,
        roomId.write(builder, message.roomId),
        publicKey.write(builder, message.publicKey),
        identityKey.write(builder, message.identityKey),
        signature.write(builder, message.signature),
      ),
  ),
  [FrameType.ShareKey]: defineCodec<messages.ShareKey, tables.ShareKey>(
    tables.Payload.ShareKey,
    tables.ShareKey,
    (table) => ({
      type: FrameType.ShareKey,
      roomId: roomId.read(table.roomIdArray()),
      keyNumber: table.keyNumber(),
      shares: shares.read(table.sharesLength(), (index) =>
        readShare(present('share', table.shares(index))),
      ),
    }),
    (builder, message) => {
      const room = roomId.write(builder, message.roomId);
      const offsets = shares.write(message.shares, (share) => writeShare(builder, share));
      const vector = tables.ShareKey.createSharesVector(builder, offsets);
      return tables.ShareKey.createShareKey(builder, room, keyNumber(message.keyNumber), vector);
    },
  ),
  [FrameType.MemberKey]: defineCodec<messages.MemberKey, tables.MemberKey>(
    tables.Payload.MemberKey,
    tables.MemberKey,
    (table) => ({
      type: FrameType.MemberKey,
      roomId: roomId.read(table.roomIdArray()),
      key: readKey(present('key', table.key())),
    }),
    (builder, message) => {
      const room = roomId.write(builder, message.roomId);
      const key = writeKey(builder, message.key);
      tables.MemberKey.startMemberKey(builder);
      tables.MemberKey.addRoomId(builder, room);
      tables.MemberKey.addKey(builder, key);
      return tables.MemberKey.endMemberKey(builder);
    },
  ),
  [FrameType.MemberKeyList]: defineCodec<messages.MemberKeyList, tables.MemberKeyList>(
    tables.Payload.MemberKeyList,
    tables.MemberKeyList,
    (table) => ({
      type: FrameType.MemberKeyList,
      keys: keys.read(table.keysLength(), (index) => readKey(present('key', table.keys(index)))),
    }),
    (builder, message) => {
      const offsets = keys.write(message.keys, (key) => writeKey(builder, key));
      const vector = tables.MemberKeyList.createKeysVector(builder, offsets);
      return tables.MemberKeyList.createMemberKeyList(builder, vector);
    },
  ),
  [FrameType.KeyShare]: defineCodec<messages.KeyShare, tables.KeyShare>(
    tables.Payload.KeyShare,
    tables.KeyShare,
    (table) => ({
      type: FrameType.KeyShare,
      roomId: roomId.read(table.roomIdArray()),
      senderToken: table.senderToken(),
      keyNumber: table.keyNumber(),
      sealed: sealed.read(table.sealedArray()),
    }),
    (builder, message) =>
      tables.KeyShare.createKeyShare(
        builder,
        roomId.write(builder, message.roomId),
        senderToken(message.senderToken),
        keyNumber(message.keyNumber),
        sealed.write(builder, message.sealed),
      ),
  ),
};

function readShare(table: tables.SealedShare): messages.SealedShare {
  return { sessionToken: table.sessionToken(), sealed: sealed.read(table.sealedArray()) };
}

function writeShare(builder: Builder, share: messages.SealedShare): Offset {
  return tables.SealedShare.createSealedShare(
    builder,
    sessionToken(share.sessionToken),
    sealed.write(builder, share.sealed),
  );
}

function readKey(table: tables.AnnouncedKey): messages.AnnouncedKey {
  return {
    sessionToken: table.sessionToken(),
    publicKey: publicKey.read(table.publicKeyArray()),
    identityKey: identityKey.read(table.identityKeyArray()),
    signature: signature.read(table.signatureArray()),
  };
}

function writeKey(builder: Builder, key: messages.AnnouncedKey): Offset {
  return tables.AnnouncedKey.createAnnouncedKey(
    builder,
    sessionToken(key.sessionToken),
    publicKey.write(builder, key.publicKey),
    identityKey.write(builder, key.identityKey),
    signature.write(builder, key.signature),
  );
}
