import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  idField,
  integerField,
  listField,
  optional,
  present,
  safeIntegerField,
  textField,
  timeOrNever,
  utf8Bytes,
} from './fields.js';

const userId = optional(idField('userId'));
const address = textField('address', fieldLimits.addressBytesMax);
const durationSeconds = integerField('durationSeconds', 0, 0xffffffff);
const reason = textField('reason', fieldLimits.reasonBytesMax);
const banId = idField('banId');
const beforeId = optional(idField('beforeId'));
const bans = listField('bans', fieldLimits.moderationPageMax);
const userName = textField('name', fieldLimits.displayNameBytesMax);
const byId = optional(idField('byId'));
const createdAtMs = safeIntegerField('createdAtMs');
const expiresAtMs = timeOrNever('expiresAtMs');

/** Who is kept away (control/moderation.fbs). */
export const banCodecs: CodecTable<
  (messages.Ban | messages.Unban | messages.ReadBans | messages.BanList)['type']
> = {
  [FrameType.Ban]: defineCodec<messages.Ban, tables.Ban>(
    tables.Payload.Ban,
    tables.Ban,
    (table) => ({
      type: FrameType.Ban,
      userId: userId.read(table.userIdArray()),
      address: address.read(table.address(utf8Bytes)),
      withAddress: table.withAddress(),
      durationSeconds: table.durationSeconds(),
      reason: reason.read(table.reason(utf8Bytes)),
    }),
    (builder, message) =>
      tables.Ban.createBan(
        builder,
        userId.write(builder, message.userId),
        address.write(builder, message.address),
        message.withAddress,
        durationSeconds(message.durationSeconds),
        reason.write(builder, message.reason),
      ),
  ),
  [FrameType.Unban]: defineCodec<messages.Unban, tables.Unban>(
    tables.Payload.Unban,
    tables.Unban,
    (table) => ({ type: FrameType.Unban, banId: banId.read(table.banIdArray()) }),
    (builder, message) => tables.Unban.createUnban(builder, banId.write(builder, message.banId)),
  ),
  [FrameType.ReadBans]: defineCodec<messages.ReadBans, tables.ReadBans>(
    tables.Payload.ReadBans,
    tables.ReadBans,
    (table) => ({ type: FrameType.ReadBans, beforeId: beforeId.read(table.beforeIdArray()) }),
    (builder, message) =>
      tables.ReadBans.createReadBans(builder, beforeId.write(builder, message.beforeId)),
  ),
  [FrameType.BanList]: defineCodec<messages.BanList, tables.BanList>(
    tables.Payload.BanList,
    tables.BanList,
    (table) => ({
      type: FrameType.BanList,
      bans: bans.read(table.bansLength(), (index) => readBan(present('ban', table.bans(index)))),
      hasEarlier: table.hasEarlier(),
    }),
    (builder, message) => {
      const offsets = bans.write(message.bans, (ban) => writeBan(builder, ban));
      const vector = tables.BanList.createBansVector(builder, offsets);
      return tables.BanList.createBanList(builder, vector, message.hasEarlier);
    },
  ),
};

function readBan(table: tables.BanInfo): messages.BanInfo {
  return {
    banId: banId.read(table.banIdArray()),
    userId: userId.read(table.userIdArray()),
    userName: userName.read(table.userName(utf8Bytes)),
    hasAddress: table.hasAddress(),
    address: address.read(table.address(utf8Bytes)),
    reason: reason.read(table.reason(utf8Bytes)),
    byId: byId.read(table.byIdArray()),
    byName: userName.read(table.byName(utf8Bytes)),
    createdAtMs: createdAtMs.read(table.createdAtMs()),
    expiresAtMs: expiresAtMs.read(table.expiresAtMs()),
  };
}

function writeBan(builder: Builder, ban: messages.BanInfo): Offset {
  return tables.BanInfo.createBanInfo(
    builder,
    banId.write(builder, ban.banId),
    userId.write(builder, ban.userId),
    userName.write(builder, ban.userName),
    ban.hasAddress,
    address.write(builder, ban.address),
    reason.write(builder, ban.reason),
    byId.write(builder, ban.byId),
    userName.write(builder, ban.byName),
    createdAtMs.write(ban.createdAtMs),
    expiresAtMs.write(ban.expiresAtMs),
  );
}
