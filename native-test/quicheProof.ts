import { randomBytes } from 'node:crypto';
import { native } from '@matrixai/quic';
import { expectEqual, type Finding, type Proof } from './proof.js';
import { makeCertificate, type PemCertificate } from './pemCertificate.js';

/** quiche: two connections on the bare binding talk to each other through memory. */
export const quicheProof: Proof = { part: 'quiche', prove: proveQuiche };

const { quiche } = native;
type Config = InstanceType<typeof quiche.Config>;
type Connection = ReturnType<typeof quiche.Connection.connect>;

const clientAddress = { host: '127.0.0.1', port: 40_001 };
const serverAddress = { host: '127.0.0.1', port: 40_002 };
const packetBytesMax = 1_350;
/** First bidirectional stream of the client (RFC 9000, section 2.1). */
const streamId = 0;

async function proveQuiche(): Promise<Finding> {
  const certificate = await makeCertificate();
  const began = performance.now();
  const pair = connectPair(certificate);
  const handshakeMs = performance.now() - began;
  expectEqual('application protocol', text(pair.server.applicationProto()), 'rookery-test');
  expectEqual('certificates the client saw', pair.client.peerCertChain()?.length, 1);
  proveStream(pair);
  proveDatagram(pair);
  return {
    outcome: 'proved',
    what: 'handshake, echo on a stream, datagram both ways',
    figure: `handshake ${handshakeMs.toFixed(1)} ms of CPU for both sides`,
  };
}

interface Pair {
  readonly client: Connection;
  readonly server: Connection;
}

/** @returns a client and a server that finished their handshake */
function connectPair(certificate: PemCertificate): Pair {
  const client = quiche.Connection.connect(
    'localhost',
    randomBytes(16),
    clientAddress,
    serverAddress,
    configOf(null),
  );
  const server = quiche.Connection.accept(
    randomBytes(16),
    null,
    serverAddress,
    clientAddress,
    configOf(certificate),
  );
  const pair = { client, server };
  pump(pair);
  expectEqual('client handshake', client.isEstablished(), true);
  expectEqual('server handshake', server.isEstablished(), true);
  return pair;
}

function configOf(certificate: PemCertificate | null): Config {
  const config =
    certificate === null
      ? quiche.Config.withBoringSslCtx(false, false)
      : quiche.Config.withBoringSslCtx(
          false,
          false,
          null,
          [Buffer.from(certificate.privateKey)],
          [Buffer.from(certificate.certificate)],
        );
  config.setApplicationProtos(['rookery-test']);
  config.setInitialMaxData(1_000_000);
  config.setInitialMaxStreamDataBidiLocal(100_000);
  config.setInitialMaxStreamDataBidiRemote(100_000);
  config.setInitialMaxStreamsBidi(4);
  config.enableDgram(true, 16, 16);
  return config;
}

/** Carries packets from each side to the other until both are silent. */
function pump({ client, server }: Pair): void {
  let carried: number;
  do {
    carried =
      carry(client, server, clientAddress, serverAddress) +
      carry(server, client, serverAddress, clientAddress);
  } while (carried > 0);
}

type Address = typeof clientAddress;

function carry(sender: Connection, receiver: Connection, from: Address, to: Address): number {
  const packet = Buffer.alloc(packetBytesMax);
  let carried = 0;
  for (let sent = sender.send(packet); sent !== null; sent = sender.send(packet)) {
    receiver.recv(Buffer.from(packet.subarray(0, sent[0])), { from, to });
    carried++;
  }
  return carried;
}

/** The client writes and closes; the server sends the same back. */
function proveStream(pair: Pair): void {
  const { client, server } = pair;
  const message = 'who sits in this tree? '.repeat(200);
  client.streamSend(streamId, Buffer.from(message), true);
  pump(pair);
  const request = readStream(server);
  expectEqual('bytes at the server', request, message);
  server.streamSend(streamId, Buffer.from(request), true);
  pump(pair);
  expectEqual('bytes back at the client', readStream(client), message);
}

/** @returns all bytes of the stream, which must have ended */
function readStream(connection: Connection): string {
  const chunk = Buffer.alloc(16_384);
  const received = connection.streamRecv(streamId, chunk);
  expectEqual('end of the stream', received?.[1], true);
  return chunk.toString('utf8', 0, received?.[0]);
}

function proveDatagram(pair: Pair): void {
  const { client, server } = pair;
  client.dgramSend(Buffer.from('caw'));
  pump(pair);
  expectEqual('datagram at the server', text(server.dgramRecvVec()), 'caw');
  server.dgramSend(Buffer.from('caw caw'));
  pump(pair);
  expectEqual('datagram at the client', text(client.dgramRecvVec()), 'caw caw');
}

function text(bytes: Uint8Array | null): string | undefined {
  return bytes === null ? undefined : Buffer.from(bytes).toString('utf8');
}
