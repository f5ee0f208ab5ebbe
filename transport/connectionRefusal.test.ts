import { describe, expect, it } from 'vitest';
import { serverInitialKeys, writeConnectionRefusal } from './connectionRefusal.js';
import { PacketHeader } from './packetHeader.js';

describe('serverInitialKeys', () => {
  it('gives the keys of RFC 9001 appendix A.1', () => {
    const keys = serverInitialKeys(Buffer.from('8394c8f03e515708', 'hex'));
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    expect(hex(keys.key)).toBe('cf3a5331653c364c88f0f379b6067e37');
    expect(hex(keys.iv)).toBe('0ac1493ca1905853b0bba03e');
    expect(hex(keys.headerProtection)).toBe('c206b8d9b9f0f37644430b490eeaa314');
  });
});

describe('writeConnectionRefusal', () => {
  it.each([
    [8, 0],
    [16, 16],
    [20, 20],
  ])('writes one whole Initial for ids of %i and %i bytes', (serverBytes, clientBytes) => {
    const out = new Uint8Array(128);
    const serverId = new Uint8Array(serverBytes).fill(1);
    const clientId = new Uint8Array(clientBytes).fill(2);
    const length = writeConnectionRefusal(out, serverId, clientId);
    const header = new PacketHeader();
    expect(header.read(out.subarray(0, length))).toBe(true);
    expect(header).toMatchObject({
      form: 'initial',
      destinationBytes: clientBytes,
      sourceBytes: serverBytes,
      tokenBytes: 0,
    });
    const lengthAt = header.tokenOffset;
    expect(lengthAt + 1 + out[lengthAt]!).toBe(length);
    expect(out.subarray(length).every((byte) => byte === 0)).toBe(true);
  });
});
