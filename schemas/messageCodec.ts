import { Builder, ByteBuffer } from 'flatbuffers';
import { FlatBufferVerifier } from './flatBufferVerifier.js';
import { encodeFrame } from './frame.js';
import type { FrameType } from './frameType.js';
import { reflectionBase64 } from './generated/reflection.js';
import { Envelope } from './generated/rookery/envelope.js';
import { accessCodecs } from './messages/accessCodecs.js';
import { auditCodecs } from './messages/auditCodecs.js';
import { callCodecs } from './messages/callCodecs.js';
import { cardCodecs } from './messages/cardCodecs.js';
import { accountCodecs } from './messages/accountCodecs.js';
import { commandCodecs } from './messages/commandCodecs.js';
import type { CodecTable, MessageCodec } from './messages/codec.js';
import { errorCodecs } from './messages/errorCodecs.js';
import { bytesField, integerField, optional } from './messages/fields.js';
import { privateCodecs } from './messages/privateCodecs.js';
import { resumeCodecs } from './messages/resumeCodecs.js';
import { banCodecs } from './messages/banCodecs.js';
import { moderationCodecs } from './messages/moderationCodecs.js';
import { reportCodecs } from './messages/reportCodecs.js';
import { roomCodecs } from './messages/roomCodecs.js';
import { sessionCodecs } from './messages/sessionCodecs.js';
import { streamCodecs } from './messages/streamCodecs.js';
import { readingCodecs } from './messages/readingCodecs.js';
import { textCodecs } from './messages/textCodecs.js';
import { uploadCodecs } from './messages/uploadCodecs.js';
import { talkCodecs } from './messages/talkCodecs.js';
import { viewCodecs } from './messages/viewCodecs.js';
import type { Message, ReceivedMessage } from './messages.js';
import { ProtocolError } from './protocolError.js';

/** Every message there is. A frame type without a codec does not compile. */
export const messageCodecs: CodecTable<FrameType> = {
  ...sessionCodecs,
  ...resumeCodecs,
  ...cardCodecs,
  ...commandCodecs,
  ...viewCodecs,
  ...roomCodecs,
  ...streamCodecs,
  ...textCodecs,
  ...readingCodecs,
  ...uploadCodecs,
  ...talkCodecs,
  ...auditCodecs,
  ...accessCodecs,
  ...callCodecs,
  ...banCodecs,
  ...moderationCodecs,
  ...reportCodecs,
  ...privateCodecs,
  ...accountCodecs,
  ...errorCodecs,
};

const verifier = new FlatBufferVerifier(Buffer.from(reflectionBase64, 'base64'));

const requestIdField = integerField('requestId', 0, 0xffffffff);
const stateHashField = optional(bytesField('stateHash', 32));

/** Larger than most messages, so that the builder seldom has to grow. */
const builderBytes = 512;

/**
 * Encodes a message once; the result may be written to any number of streams.
 *
 * @param requestId of the command that this asks or answers; 0 where nobody waits for an answer
 * @param stateHash of the part of the view that it is about, as it is after it; 32 bytes, or null
 * @returns a new array: a complete frame, header and FlatBuffer
 * @throws RangeError when a field holds what no receiver would accept: a bug of the caller, who
 *   checks what people type against `fieldLimits` first
 */
export function encodeMessage(
  message: Message,
  requestId = 0,
  stateHash: Uint8Array | null = null,
): Uint8Array {
  const codec = codecFor(message.type) as MessageCodec<Message>;
  const builder = new Builder(builderBytes);
  try {
    const payload = codec.write(builder, message);
    const hash = stateHashField.write(builder, stateHash);
    const envelope = Envelope.createEnvelope(
      builder,
      codec.payload,
      payload,
      requestIdField(requestId),
      hash,
    );
    Envelope.finishEnvelopeBuffer(builder, envelope);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new RangeError(`message of type ${message.type}: ${cause.message}`, { cause });
  }
  return encodeFrame(message.type, builder.asUint8Array());
}

/**
 * Decodes one frame. Nothing is read before the structure is verified, and nothing is returned
 * before every field is checked; the result holds copies and keeps nothing of `payload`.
 *
 * @param type first byte of the frame
 * @param payload the frame's FlatBuffer; its size bounds time and memory
 * @throws ProtocolError 'unknownType' for a type without a codec, 'malformed' for bytes that are no
 *   FlatBuffer of this schema, 'typeMismatch' when the envelope holds another message than the
 *   frame says, 'invalidField' naming the field
 */
export function decodeMessage(type: number, payload: Uint8Array): ReceivedMessage {
  const codec = codecFor(type);
  verifier.verify(payload);
  const envelope = Envelope.getRootAsEnvelope(new ByteBuffer(payload));
  if (envelope.payloadType() !== codec.payload) {
    throw new ProtocolError(
      'typeMismatch',
      `a frame of type ${type} holds the message ${envelope.payloadType()}, not ${codec.payload}`,
    );
  }
  return {
    message: codec.read(envelope),
    requestId: envelope.requestId(),
    stateHash: stateHashField.read(envelope.stateHashArray()),
  };
}

function codecFor(type: number): CodecTable<FrameType>[FrameType] {
  const codec = (messageCodecs as Readonly<Record<number, CodecTable<FrameType>[FrameType]>>)[type];
  if (codec === undefined) throw new ProtocolError('unknownType', `no message has type ${type}`);
  return codec;
}
