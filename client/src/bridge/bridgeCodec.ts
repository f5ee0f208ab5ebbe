import { Packr } from 'msgpackr';

/** Messages of the bridge as bytes (MessagePack), for a way that carries only such. */
export class BridgeCodec {
  /** Maps stay maps, and objects objects; each message stands for itself. */
  private readonly packr = new Packr({ mapsAsObjects: false, moreTypes: true, useRecords: true });

  /** @returns new bytes */
  encode(message: object): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.packr.pack(message));
  }

  /** @throws Error where the bytes are no message */
  decode(bytes: Uint8Array): unknown {
    return this.packr.unpack(bytes);
  }
}
