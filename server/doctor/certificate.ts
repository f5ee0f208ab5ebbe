import {
  expiresSoonFrom,
  readCertificateFiles,
  readOwnCertificate,
} from '../certificate/serverCertificate.js';
import type { ServerConfig } from '../config/serverConfig.js';
import type { DoctorFinding } from './findings.js';

/** Whether the server's certificate holds, also by this machine's clock, and for how long. */
export function certificateFinding(config: ServerConfig, now: Date): DoctorFinding {
  const subject = 'certificate';
  const { certificateFiles, dataDirectory } = config;
  try {
    const certificate =
      certificateFiles === null
        ? readOwnCertificate(dataDirectory, now)
        : readCertificateFiles(certificateFiles, now);
    if (certificate === null) return { subject, verdict: 'good', text: 'made at the first start.' };
    const { validTo } = certificate;
    const isSoon = now >= expiresSoonFrom(certificate);
    const text = `good until ${validTo.toISOString()}.${isSoon ? ' Renew it.' : ''}`;
    return { subject, verdict: isSoon ? 'attention' : 'good', text };
  } catch (error) {
    return { subject, verdict: 'bad', text: (error as Error).message };
  }
}
