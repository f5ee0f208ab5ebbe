import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { DatagramKind, rootRoomId } from '@rookery/schemas/protocol';
import { hopTagBytes, readKind, VoiceKind } from '@rookery/schemas/voicePacket';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { longestPayloadBytes, VoicePeer } from '../testing/relayStage.js';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer({ relayWorkers: 2 });
});

afterEach(async () => {
  await server.close();
});

function datagramOf(packet: Uint8Array, kind: number = DatagramKind.Voice): Uint8Array {
  const bytes = new Uint8Array(1 + packet.length);
  bytes[0] = kind;
  bytes.set(packet, 1);
  return bytes;
}

const relayed = (packet: Uint8Array): Uint8Array => packet.slice(0, packet.length - hopTagBytes);

/** A client that is in the lobby and whose voice goes over QUIC alone. */
class QuicVoice {
  readonly peer: VoicePeer;

  constructor(readonly client: TestClient) {
    const { sessionToken, hopKey } = client.authOk!;
    this.peer = new VoicePeer(sessionToken, hopKey);
  }

  static async join(): Promise<QuicVoice> {
    const client = await server.join();
    await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
    const voice = new QuicVoice(client);
    await voice.ping();
    return voice;
  }

  send(packet: Uint8Array): void {
    this.client.sendDatagram(datagramOf(packet));
  }

  /** Pings until a Pong comes: a datagram may get lost, and the first may be in its handshake. */
  async ping(): Promise<void> {
    const before = this.#pongs();
    const pinging = setInterval(() => this.send(this.peer.ping()), 100);
    this.send(this.peer.ping());
    await this.client.until('a Pong has come', () => this.#pongs() > before);
    clearInterval(pinging);
  }

  /** Voice packets heard. */
  heard(): Uint8Array[] {
    return this.client.datagrams
      .map((bytes) => new Uint8Array(bytes.subarray(1)))
      .filter((packet) => readKind(packet, 0) === VoiceKind.Voice);
  }

  #pongs(): number {
    const { datagrams } = this.client;
    return datagrams.filter((bytes) => readKind(bytes, 1) === VoiceKind.Pong).length;
  }
}

test('voice goes over QUIC both ways, between such clients and to the voice port', async () => {
  const [speaker, listener] = [await QuicVoice.join(), await QuicVoice.join()];
  const { client } = listener;
  const onPort = await server.join();
  await onPort.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  const { sessionToken, hopKey, voicePort } = onPort.authOk!;
  const peer = await LoopbackPeer.open(new VoicePeer(sessionToken, hopKey), voicePort);
  await peer.ping();

  const overQuic = speaker.peer.voice();
  speaker.send(overQuic);
  await client.until('it is heard over QUIC', () => listener.heard().length === 1);
  await expect.poll(() => peer.heard).toEqual([relayed(overQuic)]);

  const overPort = peer.peer.voice();
  peer.send(overPort);
  await client.until('the other is heard, too', () => listener.heard().length === 2);
  expect(listener.heard()).toEqual([relayed(overQuic), relayed(overPort)]);
  expect(client.datagrams.every((bytes) => bytes[0] === DatagramKind.Voice)).toBe(true);
  await peer.close();
});

test('the longest voice packet fits a datagram', async () => {
  const [speaker, listener] = [await QuicVoice.join(), await QuicVoice.join()];
  const { client } = listener;
  const longest = speaker.peer.voice({ payloadBytes: longestPayloadBytes });
  speaker.send(longest);
  await client.until('it is heard', () => listener.heard().length === 1);
  expect(listener.heard()).toEqual([relayed(longest)]);
});

test('a session cannot speak for another through its own connection', async () => {
  const [speaker, listener, thief] = [
    await QuicVoice.join(),
    await QuicVoice.join(),
    await QuicVoice.join(),
  ];
  thief.send(speaker.peer.voice());
  await thief.ping();
  await listener.ping();
  expect(listener.heard()).toEqual([]);
  expect(server.running.stats()).toMatchObject({ voice: { dropAddress: 1 } });
});

test('datagrams of other kinds, and of who is not logged in, are dropped and counted', async () => {
  const voice = await QuicVoice.join();
  const stranger = await server.connect();
  await stranger.sayHello();
  stranger.sendDatagram(datagramOf(voice.peer.voice()));
  voice.client.sendDatagram(datagramOf(voice.peer.voice(), DatagramKind.Voice + 1));
  voice.client.sendDatagram(new Uint8Array(0));
  await stranger.sayHello();
  await voice.ping();
  expect(server.running.stats()).toMatchObject({
    datagrams: { droppedPhase: 1, droppedKind: expect.any(Number) as number },
  });
  expect(voice.client.closed).toBeNull();
});
