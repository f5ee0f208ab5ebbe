import type { Logger } from 'pino';
import type { CertificateLimits } from '../certificateLimits.js';
import type { ServerConfig } from '../config/serverConfig.js';
import { CertificateDesk } from './certificateDesk.js';
import { expiresSoonFrom, openOwnCertificate, readCertificateFiles } from './serverCertificate.js';

/**
 * Opens the certificate of a server: the one that it was given, else its own.
 *
 * @throws ServerError `unusableData`, `unusableCertificate`
 */
export async function openCertificates(
  { certificateFiles: files, dataDirectory }: ServerConfig,
  { lookMs }: CertificateLimits,
  log: Logger,
): Promise<CertificateDesk> {
  const wallClockMs = (): number => Date.now();
  const now = new Date(wallClockMs());
  const certificate =
    files === null
      ? await openOwnCertificate(dataDirectory, now)
      : readCertificateFiles(files, now);
  if (now >= expiresSoonFrom(certificate)) {
    const validTo = certificate.validTo.toISOString();
    log.warn({ validTo }, 'the certificate expires soon: renew it');
  }
  const source = files === null ? 'own' : 'files';
  return new CertificateDesk({ certificate, source, files, lookMs, wallClockMs, log });
}
