import { expect, test } from 'vitest';
import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { LinuxClock } from '@rookery/transport/linuxClock';
import { loadLinuxSocketCalls } from '@rookery/transport/linuxSocketCalls';
import { linux } from '@rookery/transport/linuxSocketLayout';
import { stageLimits } from '../testing/relayStage.js';
import { outgoingBytesOf } from './relay.js';
import { warmUpRelay } from './warmUp.js';

test.runIf(process.platform === 'linux')('relays packets that nobody else sees', () => {
  const calls = loadLinuxSocketCalls();
  const nowMs = new Float64Array(1);
  const monotonic = new LinuxClock(calls, linux.CLOCK_MONOTONIC);
  const batchOptions = {
    batchMax: stageLimits.receiveBatchMax,
    packetBytesMax: voicePacketBytesMax,
    waitMsMax: stageLimits.idleWaitMsMax,
    outgoingBytes: outgoingBytesOf(stageLimits),
  };
  const clock = { nowMs, epochMs: 0, read: () => monotonic.read(nowMs) };
  clock.read();
  const packets = warmUpRelay({ calls, batchOptions, limits: stageLimits, clock });
  expect(packets).toBeGreaterThan(5_000);
});
