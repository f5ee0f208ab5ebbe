import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { identityFileName, readCertificateFiles } from '../certificate/serverCertificate.js';
import type { ServerConfig } from '../config/serverConfig.js';
import type { DoctorFinding } from './findings.js';

const soonMs = 30 * 86_400_000;

/** Whether the server's certificate holds, also by this machine's clock, and for how long. */
export function certificateFinding(config: ServerConfig, now: Date): DoctorFinding {
  const subject = 'certificate';
  const own = join(config.dataDirectory, identityFileName);
  const files = config.certificateFiles ?? { certificate: own, key: own };
  if (config.certificateFiles === null && !existsSync(own)) {
    return { subject, verdict: 'good', text: 'made at the first start.' };
  }
  try {
    const { validTo } = readCertificateFiles(files, now);
    const isSoon = validTo.getTime() - now.getTime() < soonMs;
    const text = `good until ${validTo.toISOString()}.${isSoon ? ' Renew it.' : ''}`;
    return { subject, verdict: isSoon ? 'attention' : 'good', text };
  } catch (error) {
    return { subject, verdict: 'bad', text: (error as Error).message };
  }
}
