import { describe, expect, it } from 'vitest';
import { StreamWriter } from './streamWriter.js';

/** A stream that takes so many bytes, and more when it is told. */
function limitedStream(bytesLeft: number) {
  const taken: number[] = [];
  const take = (bytes: Uint8Array): boolean => {
    if (bytes.length > bytesLeft) return false;
    bytesLeft -= bytes.length;
    taken.push(...bytes);
    return true;
  };
  return {
    writer: new StreamWriter(4, take),
    taken,
    allow: (bytes: number) => (bytesLeft += bytes),
  };
}

describe('StreamWriter', () => {
  it('keeps what the endpoint does not take, and its order', () => {
    const { writer, taken, allow } = limitedStream(3);
    writer.write(Uint8Array.of(1, 2));
    writer.write(Uint8Array.of(3, 4));
    writer.write(Uint8Array.of(5));
    expect(taken).toEqual([1, 2]);
    allow(1);
    writer.writeWaiting();
    expect(taken).toEqual([1, 2, 3, 4]);
    allow(1);
    writer.writeWaiting();
    expect(taken).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses more than a bounded amount, and takes some again after that', () => {
    const { writer, allow } = limitedStream(0);
    const chunk = new Uint8Array(65_536);
    const fill = (): void => {
      for (let i = 0; i < 1_000; i++) writer.write(chunk);
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'commandRefused' }));
    allow(chunk.length);
    writer.writeWaiting();
    writer.write(chunk);
    expect(() => writer.write(chunk)).toThrow('more slowly');
  });
});
