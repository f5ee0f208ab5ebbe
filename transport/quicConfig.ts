import quiche from '@matrixai/quic/native/quiche.js';
import type { Config } from '@matrixai/quic/native/types.js';
import { endpointLimits } from './quicLimits.js';
import type { QuicClientOptions, QuicLimits, QuicServerOptions } from './quicTypes.js';
import { TransportError } from './transportError.js';

/**
 * The library's settings of a server; one serves all its connections.
 *
 * @throws TransportError `invalidCertificate`
 */
export function makeServerConfig(options: QuicServerOptions): Config {
  const { certificate, privateKey } = options.tls;
  const config = makeConfig(options.alpn, options.limits, [privateKey], [certificate]);
  config.setTicketKey(options.ticketKey);
  return config;
}

/** The library's settings of a client. It verifies no chain: servers are pinned one layer above. */
export function makeClientConfig(options: QuicClientOptions): Config {
  return makeConfig(options.alpn, options.limits, null, null);
}

function makeConfig(
  alpn: string,
  limits: QuicLimits,
  privateKeys: string[] | null,
  certificates: string[] | null,
): Config {
  const config = withTls(privateKeys, certificates);
  config.setApplicationProtos([alpn]);
  config.setMaxIdleTimeout(limits.idleTimeoutMs);
  config.setMaxSendUdpPayloadSize(endpointLimits.packetBytesMax);
  config.setMaxRecvUdpPayloadSize(endpointLimits.receivedPacketBytesMax);
  config.setInitialMaxData(limits.connectionWindowBytes);
  config.setInitialMaxStreamDataBidiLocal(limits.streamWindowBytes);
  config.setInitialMaxStreamDataBidiRemote(limits.streamWindowBytes);
  config.setInitialMaxStreamDataUni(limits.streamWindowBytes);
  // Without these the library lets the windows grow to 16 and 24 MB.
  config.setMaxStreamWindow(limits.streamWindowBytes);
  config.setMaxConnectionWindow(limits.connectionWindowBytes);
  config.setInitialMaxStreamsBidi(limits.bidiStreamsMax);
  config.setInitialMaxStreamsUni(limits.uniStreamsMax);
  config.enableDgram(true, limits.datagramQueueMax, limits.datagramQueueMax);
  config.setActiveConnectionIdLimit(endpointLimits.connectionIdsMax);
  config.setDisableDcidReuse(true);
  config.enableEarlyData();
  // Packets leave when they are written; the times that pacing gives would be ignored.
  config.enablePacing(false);
  return config;
}

function withTls(privateKeys: string[] | null, certificates: string[] | null): Config {
  try {
    return quiche.Config.withBoringSslCtx(
      false,
      false,
      null,
      privateKeys?.map(encodeText) ?? null,
      certificates?.map(encodeText) ?? null,
      null,
    );
  } catch (cause) {
    throw new TransportError(
      'invalidCertificate',
      'the certificate or its private key cannot be used: both must be PEM and belong together',
      { cause },
    );
  }
}

function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
