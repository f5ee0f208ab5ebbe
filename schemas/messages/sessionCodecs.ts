import type { Builder, Offset } from 'flatbuffers';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import { workBitsMax, workBytes } from '../joinWork.js';
import type * as messages from '../messages.js';
import { fieldLimits } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  bytesField,
  enumField,
  idField,
  integerField,
  listField,
  optional,
  textField,
  timeOrNever,
  utf8Bytes,
} from './fields.js';

const protocolVersion = integerField('protocolVersion', 0, 0xffff);
const features = listField('features', fieldLimits.featuresMax);
const feature = textField('features', fieldLimits.featureBytesMax);
const clientName = textField('clientName', fieldLimits.clientNameBytesMax);
const serverName = textField('serverName', fieldLimits.serverNameBytesMax);
const challenge = bytesField('challenge', 32);
const publicKey = bytesField('publicKey', 32);
const signature = bytesField('signature', 64);
const displayName = textField('displayName', fieldLimits.displayNameBytesMax);
const password = textField('password', fieldLimits.passwordBytesMax);
const accountPassword = textField('accountPassword', fieldLimits.passwordBytesMax);
const inviteCode = textField('inviteCode', fieldLimits.inviteCodeBytesMax);
const botPass = optional(textField('botPass', fieldLimits.botPassBytesMax));
const registration = enumField('registration', tables.Registration);
const ticket = optional(bytesField('ticket', 32));
const continuedToken = integerField('continuedToken', 0, 0xffffffff);
const workBits = integerField('workBits', 0, workBitsMax);
const work = optional(bytesField('work', workBytes));
const userId = idField('userId');
const sessionToken = integerField('sessionToken', 0, 0xffffffff);
const hopKey = bytesField('hopKey', 16);
const voicePort = integerField('voicePort', 1, 0xffff);
const authFailure = enumField('reason', tables.AuthFailure);
const goodbyeReason = enumField('reason', tables.GoodbyeReason);
const note = textField('message', fieldLimits.noteBytesMax);
const untilMs = timeOrNever('untilMs');
const moderatorNote = textField('note', fieldLimits.noteBytesMax);
const nonce = integerField('nonce', 0, 0xffffffff);
const frameType = integerField('frameType', 0, 0xff);
const retryAfterMs = integerField('retryAfterMs', 0, 0xffffffff);
const createdId = optional(idField('createdId'));
const listId = integerField('listId', 0, 0xffffffff);

function readFeatures(table: tables.Hello | tables.HelloAck): string[] {
  return features.read(table.featuresLength(), (i) => feature.read(table.features(i, utf8Bytes)));
}

function writeFeatures(builder: Builder, values: readonly string[]): Offset {
  const offsets = features.write(values, (value) => feature.write(builder, value));
  return tables.Hello.createFeaturesVector(builder, offsets);
}

/** The control stream's messages (control/session.fbs). */
export const sessionCodecs: CodecTable<
  Exclude<
    messages.ControlMessage['type'],
    messages.ResumeTicket['type'] | messages.CardMessage['type']
  >
> = {
  [FrameType.Hello]: defineCodec<messages.Hello, tables.Hello>(
    tables.Payload.Hello,
    tables.Hello,
    (table) => ({
      type: FrameType.Hello,
      protocolVersion: table.protocolVersion(),
      features: readFeatures(table),
      clientName: clientName.read(table.clientName(utf8Bytes)),
    }),
    (builder, message) =>
      tables.Hello.createHello(
        builder,
        protocolVersion(message.protocolVersion),
        writeFeatures(builder, message.features),
        clientName.write(builder, message.clientName),
      ),
  ),
  [FrameType.HelloAck]: defineCodec<messages.HelloAck, tables.HelloAck>(
    tables.Payload.HelloAck,
    tables.HelloAck,
    (table) => ({
      type: FrameType.HelloAck,
      protocolVersion: table.protocolVersion(),
      features: readFeatures(table),
      serverName: serverName.read(table.serverName(utf8Bytes)),
      challenge: challenge.read(table.challengeArray()),
      passwordRequired: table.passwordRequired(),
      workBits: workBits(table.workBits()),
      registration: registration(table.registration()),
    }),
    (builder, message) =>
      tables.HelloAck.createHelloAck(
        builder,
        protocolVersion(message.protocolVersion),
        writeFeatures(builder, message.features),
        serverName.write(builder, message.serverName),
        challenge.write(builder, message.challenge),
        message.passwordRequired,
        workBits(message.workBits),
        registration(message.registration),
      ),
  ),
  [FrameType.Auth]: defineCodec<messages.Auth, tables.Auth>(
    tables.Payload.Auth,
    tables.Auth,
    (table) => ({
      type: FrameType.Auth,
      publicKey: publicKey.read(table.publicKeyArray()),
      signature: signature.read(table.signatureArray()),
      displayName: displayName.read(table.displayName(utf8Bytes)),
      password: password.read(table.password(utf8Bytes)),
      ticket: ticket.read(table.ticketArray()),
      continuedToken: table.continuedToken(),
      work: work.read(table.workArray()),
      accountPassword: accountPassword.read(table.accountPassword(utf8Bytes)),
      inviteCode: inviteCode.read(table.inviteCode(utf8Bytes)),
      botPass: botPass.read(table.botPass(utf8Bytes)),
    }),
    (builder, message) =>
      tables.Auth.createAuth(
        builder,
        publicKey.write(builder, message.publicKey),
        signature.write(builder, message.signature),
        displayName.write(builder, message.displayName),
        password.write(builder, message.password),
        ticket.write(builder, message.ticket),
        continuedToken(message.continuedToken),
        work.write(builder, message.work),
        accountPassword.write(builder, message.accountPassword),
        inviteCode.write(builder, message.inviteCode),
        botPass.write(builder, message.botPass),
      ),
  ),
  [FrameType.AuthOk]: defineCodec<messages.AuthOk, tables.AuthOk>(
    tables.Payload.AuthOk,
    tables.AuthOk,
    (table) => ({
      type: FrameType.AuthOk,
      userId: userId.read(table.userIdArray()),
      sessionToken: table.sessionToken(),
      hopKey: hopKey.read(table.hopKeyArray()),
      voicePort: voicePort(table.voicePort()),
      continued: table.continued(),
    }),
    (builder, message) =>
      tables.AuthOk.createAuthOk(
        builder,
        userId.write(builder, message.userId),
        sessionToken(message.sessionToken),
        hopKey.write(builder, message.hopKey),
        voicePort(message.voicePort),
        message.continued,
      ),
  ),
  [FrameType.AuthFailed]: defineCodec<messages.AuthFailed, tables.AuthFailed>(
    tables.Payload.AuthFailed,
    tables.AuthFailed,
    (table) => ({
      type: FrameType.AuthFailed,
      reason: authFailure(table.reason()),
      message: note.read(table.message(utf8Bytes)),
      untilMs: untilMs.read(table.untilMs()),
      note: moderatorNote.read(table.note(utf8Bytes)),
    }),
    (builder, message) =>
      tables.AuthFailed.createAuthFailed(
        builder,
        authFailure(message.reason),
        note.write(builder, message.message),
        untilMs.write(message.untilMs),
        moderatorNote.write(builder, message.note),
      ),
  ),
  [FrameType.Ping]: defineCodec<messages.Ping, tables.Ping>(
    tables.Payload.Ping,
    tables.Ping,
    (table) => ({ type: FrameType.Ping, nonce: table.nonce() }),
    (builder, message) => tables.Ping.createPing(builder, nonce(message.nonce)),
  ),
  [FrameType.Pong]: defineCodec<messages.Pong, tables.Pong>(
    tables.Payload.Pong,
    tables.Pong,
    (table) => ({ type: FrameType.Pong, nonce: table.nonce() }),
    (builder, message) => tables.Pong.createPong(builder, nonce(message.nonce)),
  ),
  [FrameType.Throttle]: defineCodec<messages.Throttle, tables.Throttle>(
    tables.Payload.Throttle,
    tables.Throttle,
    (table) => ({
      type: FrameType.Throttle,
      frameType: table.frameType(),
      retryAfterMs: table.retryAfterMs(),
    }),
    (builder, message) =>
      tables.Throttle.createThrottle(
        builder,
        frameType(message.frameType),
        retryAfterMs(message.retryAfterMs),
      ),
  ),
  [FrameType.Goodbye]: defineCodec<messages.Goodbye, tables.Goodbye>(
    tables.Payload.Goodbye,
    tables.Goodbye,
    (table) => ({
      type: FrameType.Goodbye,
      reason: goodbyeReason(table.reason()),
      message: note.read(table.message(utf8Bytes)),
    }),
    (builder, message) =>
      tables.Goodbye.createGoodbye(
        builder,
        goodbyeReason(message.reason),
        note.write(builder, message.message),
      ),
  ),
  [FrameType.CommandDone]: defineCodec<messages.CommandDone, tables.CommandDone>(
    tables.Payload.CommandDone,
    tables.CommandDone,
    (table) => ({
      type: FrameType.CommandDone,
      createdId: createdId.read(table.createdIdArray()),
      listId: table.listId(),
    }),
    (builder, message) =>
      tables.CommandDone.createCommandDone(
        builder,
        createdId.write(builder, message.createdId),
        listId(message.listId),
      ),
  ),
};
