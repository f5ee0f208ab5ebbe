import { createPrivateKey, hkdfSync, X509Certificate } from 'node:crypto';
import quiche from '@matrixai/quic/native/quiche.js';
import type { Config } from '@matrixai/quic/native/types.js';
import { certificateIdentity, type CertificateIdentity } from './certificateIdentity.js';
import { endpointLimits } from './quicLimits.js';
import type {
  QuicClientOptions,
  QuicLimits,
  QuicServerOptions,
  QuicServerTls,
} from './quicTypes.js';
import { TransportError } from './transportError.js';

/** What connections of a server begin with. */
export interface ServerSettings {
  /** The library's; one serves all connections. */
  readonly config: Config;
  /** The certificate that they are shown. */
  readonly certificate: CertificateIdentity;
}

/** As the library wants it. */
const ticketKeyBytes = 48;

/**
 * The settings of a server with one certificate. Connections keep those that they began with, so a
 * certificate is changed by beginning the next ones with others.
 *
 * @throws TransportError `invalidCertificate`
 */
export function makeServerSettings(
  { alpn, limits, ticketKey }: Pick<QuicServerOptions, 'alpn' | 'limits' | 'ticketKey'>,
  { certificate, privateKey }: QuicServerTls,
): ServerSettings {
  const config = makeConfig(alpn, limits, [privateKey], [certificate]);
  const identity = identityOf(certificate, privateKey);
  // A resumed client is shown no certificate and goes by the one that it saw. So that both sides
  // mean the same, tickets are good with the certificate under which they were given alone.
  const ofCertificate = hkdfSync(
    ...(['sha256', ticketKey, identity.fingerprint, 'tickets', ticketKeyBytes] as const),
  );
  config.setTicketKey(new Uint8Array(ofCertificate));
  return { config, certificate: identity };
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
    throw invalidCertificate(cause);
  }
}

/** The library takes two that do not belong together, and fails in every handshake. */
function identityOf(certificate: string, privateKey: string): CertificateIdentity {
  try {
    const leaf = new X509Certificate(certificate);
    if (!leaf.checkPrivateKey(createPrivateKey(privateKey))) throw new Error('two keys');
    return certificateIdentity(leaf);
  } catch (cause) {
    throw invalidCertificate(cause);
  }
}

function invalidCertificate(cause: unknown): TransportError {
  return new TransportError(
    'invalidCertificate',
    'the certificate or its private key cannot be used: both must be PEM and belong together',
    { cause },
  );
}

function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
