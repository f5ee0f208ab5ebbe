import { Builder } from 'flatbuffers';
import type { Offset } from 'flatbuffers';
import { expect } from 'vitest';
import * as tables from '../generated/rookery.js';
import { decodeMessage } from '../messageCodec.js';

/** A payload built by hand, as a peer with other code or other intentions would. */
export function handmade(payload: tables.Payload, write: (builder: Builder) => Offset): Uint8Array {
  const builder = new Builder();
  const offset = write(builder);
  const envelope = tables.Envelope.createEnvelope(builder, payload, offset, 0, 0);
  tables.Envelope.finishEnvelopeBuffer(builder, envelope);
  return builder.asUint8Array();
}

/** Expects that a payload is refused as an invalid field, with exactly this reason. */
export function expectInvalid(type: number, payload: Uint8Array, reason: string): void {
  expect(() => decodeMessage(type, payload)).toThrow(
    expect.objectContaining({ name: 'ProtocolError', code: 'invalidField', message: reason }),
  );
}
