import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:tls';
import 'reflect-metadata';
import { X509Certificate } from '@peculiar/x509';

/** What an authority asks about, and where. */
export interface Proof {
  readonly domain: string;
  readonly token: string;
  /** Token and thumbprint of the account's key (RFC 8555 section 8.1). */
  readonly keyAuthorization: string;
  /** On this machine, in place of 80 or 443. */
  readonly port: number;
}

const host = '127.0.0.1';

/** id-pe-acmeIdentifier, RFC 8737 section 6.1. */
const acmeIdentifier = '1.3.6.1.5.5.7.1.31';

/** RFC 8555 section 8.3. @returns what is wrong; null for nothing */
export async function proveByHttp(proof: Proof): Promise<string | null> {
  const path = `/.well-known/acme-challenge/${proof.token}`;
  const request = get({ host, port: proof.port, path, headers: { host: proof.domain } });
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += String(piece);
    const isRight = response.statusCode === 200 && text.trimEnd() === proof.keyAuthorization;
    return isRight ? null : `${proof.domain} answered something else`;
  } catch {
    return `${proof.domain} did not answer`;
  }
}

/** RFC 8737 section 3. @returns what is wrong; null for nothing */
export async function proveByTls(proof: Proof): Promise<string | null> {
  const socket = connect({
    ...{ host, port: proof.port, servername: proof.domain },
    ...{ ALPNProtocols: ['acme-tls/1'], rejectUnauthorized: false },
  });
  try {
    await once(socket, 'secureConnect');
    if (socket.alpnProtocol !== 'acme-tls/1') return 'it speaks another protocol';
    const { raw, subjectAltName } = socket.getPeerX509Certificate()!;
    const certificate = new X509Certificate(new Uint8Array(raw));
    if (subjectAltName !== `DNS:${proof.domain}`) return 'the certificate is for other names';
    const extension = certificate.getExtension(acmeIdentifier);
    const digest = createHash('sha256').update(proof.keyAuthorization).digest();
    // An OCTET STRING of 32 bytes, in DER.
    const expected = Buffer.concat([Uint8Array.of(4, 32), digest]);
    const isRight = extension?.critical === true && expected.equals(Buffer.from(extension.value));
    return isRight ? null : 'the certificate proves something else';
  } catch {
    return `${proof.domain} did not answer`;
  } finally {
    socket.destroy();
  }
}
