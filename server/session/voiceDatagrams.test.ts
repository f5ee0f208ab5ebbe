import { beforeEach, expect, test } from 'vitest';
import { DatagramKind } from '@rookery/schemas/protocol';
import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { controlLimits } from '../limits.js';
import { Connection } from './connection.js';
import { createLaneGates } from './laneGate.js';
import type { QuicPeer } from './quicPeer.js';
import { VoiceDatagrams } from './voiceDatagrams.js';

const session = { token: 7, userId: '00000000-0000-4000-8000-00000000000a', displayName: 'Ada' };

let received: [number, Uint8Array][];
let sent: Uint8Array[];
let signals: [number, Uint8Array][];
let wakes: number;
let takesDatagrams: boolean;
let connection: Connection;
let datagrams: VoiceDatagrams;

beforeEach(() => {
  received = [];
  sent = [];
  signals = [];
  wakes = 0;
  takesDatagrams = true;
  const peer: Pick<QuicPeer, 'sendDatagram'> = {
    sendDatagram: (bytes) => {
      if (takesDatagrams) sent.push(new Uint8Array(bytes));
      return takesDatagrams;
    },
  };
  connection = new Connection({
    id: 1,
    peer: peer as QuicPeer,
    limits: controlLimits,
    nowMs: () => 0,
    onTooSlow: () => undefined,
  });
  connection.phase = {
    name: 'open',
    session,
    gates: createLaneGates(controlLimits.lanes, 0),
  };
  datagrams = new VoiceDatagrams({
    voice: { receiveDatagram: (token, packet) => received.push([token, packet]) },
    connectionOf: (token) => (token === session.token ? connection : null),
    onSignal: ({ token }, bytes) => signals.push([token, bytes]),
    wake: () => (wakes += 1),
  });
});

test('hands the packet of a voice datagram to the voice plane, and says whose it is', () => {
  datagrams.receive(connection, Uint8Array.of(DatagramKind.Voice, 1, 2, 3));
  expect(received).toEqual([[7, Uint8Array.of(1, 2, 3)]]);
  expect(datagrams.counters.voiceIn).toBe(1);
});

/** The last of the range, which no message has. */
const noKind = 0x8f;

test('drops and counts other kinds, nothing at all, and voice without a session', () => {
  datagrams.receive(connection, new Uint8Array(0));
  datagrams.receive(connection, Uint8Array.of(noKind, 1));
  connection.phase = { name: 'closing' };
  datagrams.receive(connection, Uint8Array.of(DatagramKind.Voice, 1));
  expect(received).toEqual([]);
  expect(datagrams.counters).toMatchObject({ voiceIn: 0, droppedKind: 2, droppedPhase: 1 });
});

test('hands on signals of who is logged in', () => {
  const signal = Uint8Array.of(DatagramKind.Presence, 1);
  datagrams.receive(connection, signal);
  expect(signals).toEqual([[7, signal]]);
  connection.phase = { name: 'closing' };
  datagrams.receive(connection, signal);
  expect(signals).toHaveLength(1);
  expect(datagrams.counters.droppedPhase).toBe(1);
});

test('sends packets up to the longest, each with the byte before it that says what it is', () => {
  datagrams.send(7, new Uint8Array(voicePacketBytesMax).fill(1));
  datagrams.send(7, Uint8Array.of(5, 6));
  expect(sent.map((bytes) => bytes.length)).toEqual([1 + voicePacketBytesMax, 3]);
  expect(sent[1]).toEqual(Uint8Array.of(DatagramKind.Voice, 5, 6));
  expect([wakes, datagrams.counters.voiceOut]).toEqual([2, 2]);
});

test('counts what cannot be sent', () => {
  datagrams.send(8, Uint8Array.of(1));
  takesDatagrams = false;
  datagrams.send(7, Uint8Array.of(1));
  expect(sent).toEqual([]);
  expect(datagrams.counters).toMatchObject({ voiceOut: 0, droppedSend: 2 });
});
