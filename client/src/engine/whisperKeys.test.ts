import { FrameType } from '@rookery/schemas/frameType';
import { describe, expect, it } from 'vitest';
import { WhisperKeys } from './whisperKeys.js';

const whisperKey = (senderToken: number, epoch: number, byte: number) => ({
  type: FrameType.WhisperKey,
  senderToken,
  epoch,
  key: new Uint8Array(32).fill(byte),
});

describe('the keys of whispers', () => {
  it('are told apart by sender and epoch', () => {
    const keys = new WhisperKeys();
    keys.addKey(whisperKey(0xffff_ffff, 255, 1));
    keys.addKey(whisperKey(0xffff_fffe, 255, 2));
    keys.addKey(whisperKey(0xffff_ffff, 254, 3));
    expect(keys.openingKey(0xffff_ffff, 255)?.[0]).toBe(1);
    expect(keys.openingKey(0xffff_fffe, 255)?.[0]).toBe(2);
    expect(keys.openingKey(0xffff_ffff, 254)?.[0]).toBe(3);
    expect(keys.openingKey(0xffff_fffe, 254)).toBeNull();
    expect(keys.openingKey(1, 0)).toBeNull();
  });

  it('are replaced when an epoch comes round again', () => {
    const keys = new WhisperKeys();
    keys.addKey(whisperKey(7, 3, 1));
    keys.addKey(whisperKey(7, 3, 2));
    expect(keys.openingKey(7, 3)?.[0]).toBe(2);
  });

  it('are bounded in number, and the newest are kept', () => {
    const keys = new WhisperKeys();
    for (let token = 0; token < 10_000; token++) keys.addKey(whisperKey(token, 0, 1));
    expect(keys.openingKey(9_999, 0)).not.toBeNull();
    expect(keys.openingKey(0, 0)).toBeNull();
    const kept = Array.from({ length: 10_000 }, (_, token) => keys.openingKey(token, 0));
    expect(kept.filter((key) => key !== null)).toHaveLength(4_096);
  });
});
