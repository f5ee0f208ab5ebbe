import { makeToken } from '@rookery/schemas/voicePacket';
import { afterEach, describe, expect, test } from 'vitest';
import { startFloorProcess, type FloorProcess } from '../floor/floorProcess.js';
import { LoadGenerator } from './loadGenerator.js';
import type { LoadTarget } from './loadMessages.js';

const rooms = 3;
const membersPerRoom = 7;

let generator: LoadGenerator | null = null;
let floor: FloorProcess | null = null;

afterEach(async () => {
  await generator?.close();
  await floor?.stop();
  generator = null;
  floor = null;
});

function targetOf({ port, pid }: FloorProcess): LoadTarget {
  return {
    port,
    pid,
    sessions: Array.from({ length: rooms * membersPerRoom }, (_session, slot) => ({
      token: makeToken(slot, 1),
      hopKey: new Uint8Array(16),
      room: Math.floor(slot / membersPerRoom),
    })),
    rooms: Array.from({ length: rooms }, () => ({ epoch: 0, key: new Uint8Array(32) })),
  };
}

// Needs a C compiler and Linux, as the comparison itself does.
describe.runIf(process.platform === 'linux')('load generator', () => {
  test('hears each frame as often as the floor sends it, whole and in time', async () => {
    floor = await startFloorProcess(rooms, membersPerRoom);
    expect(floor, 'a C compiler is needed').not.toBeNull();
    const target = targetOf(floor!);
    generator = await LoadGenerator.open({ type: 'setUp', target, sockets: 4, payloadBytes: 60 });
    const load = { framesPerSecond: 50, warmUpSeconds: 0.1, seconds: 1 };
    const result = await generator.run({ type: 'run', speakersPerRoom: 2, ...load });
    // 50 frames a second of 6 speakers; the window may begin and end beside a frame, and what the
    // machine held back falls into it, or out of it.
    const heldBack = 300 * (result.pacingLagUsMax / 1_000_000);
    const surplus = result.framesSent - 300 * result.seconds;
    expect(Math.abs(surplus)).toBeLessThanOrEqual(6 + heldBack);
    expect(result.framesExpected).toBe(result.framesSent * (membersPerRoom - 1));
    expect(result).toMatchObject({
      framesDelivered: result.framesExpected,
      packetsDelivered: result.framesExpected,
      framesSurplus: 0,
      bundlesDelivered: 0,
      framesFalse: 0,
      packetsMalformed: 0,
      generatorDrops: 0,
    });
    expect(result.framesVerified).toBeGreaterThan(0);
    // Stamps and clock belong together: a delay is neither nothing nor beyond the run.
    expect(result.delayP50Us).toBeGreaterThan(0);
    expect(result.delayMaxUs).toBeLessThan(1_000_000);
  });

  test('measures what an idle relay uses where nobody speaks', async () => {
    floor = await startFloorProcess(rooms, membersPerRoom);
    const target = targetOf(floor!);
    generator = await LoadGenerator.open({ type: 'setUp', target, sockets: 4, payloadBytes: 60 });
    const load = { framesPerSecond: 50, warmUpSeconds: 0, seconds: 0.2 };
    const result = await generator.run({ type: 'run', speakersPerRoom: 0, ...load });
    expect(result).toMatchObject({ framesSent: 0, framesExpected: 0, framesDelivered: 0 });
    expect(result.seconds).toBeCloseTo(0.2, 0);
  });

  test('says so when the relay does not answer', async () => {
    floor = await startFloorProcess(rooms, membersPerRoom);
    const target = targetOf(floor!);
    const setup = { type: 'setUp', target, sockets: 1, payloadBytes: 60 } as const;
    generator = await LoadGenerator.open(setup, 500_000);
    await floor!.stop();
    const load = { framesPerSecond: 50, warmUpSeconds: 0, seconds: 1 };
    await expect(generator.run({ type: 'run', speakersPerRoom: 1, ...load })).rejects.toMatchObject(
      { code: 'refused' },
    );
  });
});
