import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type { CardMessage, ReadServerCard, ServerCard } from '../doorMessages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec, type CodecTable } from './codec.js';
import { enumField, integerField, textField, utf8Bytes } from './fields.js';

const protocolVersion = integerField('protocolVersion', 0, 0xffff);
const version = textField('version', fieldLimits.clientNameBytesMax);
const serverName = textField('serverName', fieldLimits.serverNameBytesMax);
const members = integerField('members', 0, 0xffff_ffff);
const membersMax = integerField('membersMax', 0, 0xffff_ffff);
const registration = enumField('registration', tables.Registration);

/** What is said of a server without a login (control/session.fbs). */
export const cardCodecs: CodecTable<CardMessage['type']> = {
  [FrameType.ReadServerCard]: defineCodec<ReadServerCard, tables.ReadServerCard>(
    tables.Payload.ReadServerCard,
    tables.ReadServerCard,
    () => ({ type: FrameType.ReadServerCard }),
    (builder) => tables.ReadServerCard.createReadServerCard(builder),
  ),
  [FrameType.ServerCard]: defineCodec<ServerCard, tables.ServerCard>(
    tables.Payload.ServerCard,
    tables.ServerCard,
    (table) => ({
      type: FrameType.ServerCard,
      protocolVersion: table.protocolVersion(),
      version: version.read(table.version(utf8Bytes)),
      serverName: serverName.read(table.serverName(utf8Bytes)),
      members: table.members(),
      membersMax: table.membersMax(),
      passwordRequired: table.passwordRequired(),
      registration: registration(table.registration()),
    }),
    (builder, message) =>
      tables.ServerCard.createServerCard(
        builder,
        protocolVersion(message.protocolVersion),
        version.write(builder, message.version),
        serverName.write(builder, message.serverName),
        members(message.members),
        membersMax(message.membersMax),
        message.passwordRequired,
        registration(message.registration),
      ),
  ),
};
