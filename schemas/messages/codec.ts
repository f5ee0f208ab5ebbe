import type { Builder, Offset } from 'flatbuffers';
import type { FrameType } from '../frameType.js';
import type { Envelope } from '../generated/rookery/envelope.js';
import type { Payload } from '../generated/rookery/payload.js';
import type { Message } from '../messages.js';

/** The message that a frame of type T carries. */
export type MessageOf<T extends FrameType> = Extract<Message, { readonly type: T }>;

/** How one message is written and read. */
export interface MessageCodec<M extends Message> {
  /** Its member of the envelope's union. */
  readonly payload: Payload;
  /**
   * Writes the message's table, inner tables and vectors first, as FlatBuffers wants it.
   *
   * @throws ProtocolError 'invalidField' for a value that `read` would refuse
   */
  readonly write: (builder: Builder, message: M) => Offset;
  /**
   * @param envelope structurally verified, with this codec's payload type
   * @throws ProtocolError 'invalidField'
   */
  readonly read: (envelope: Envelope) => M;
}

/** A codec for each of the frame types K. */
export type CodecTable<K extends FrameType> = { readonly [T in K]: MessageCodec<MessageOf<T>> };

/**
 * Ties a message to its generated table.
 *
 * @param Table the generated accessor class
 * @param read from an accessor that stands on the message's table
 */
export function defineCodec<M extends Message, Table>(
  payload: Payload,
  Table: new () => Table,
  read: (table: Table) => M,
  write: (builder: Builder, message: M) => Offset,
): MessageCodec<M> {
  return { payload, write, read: (envelope) => read(envelope.payload(new Table()) as Table) };
}
