import { AcmeFiles } from '../certificate/acme/acmeFiles.js';
import type { AcmeConfig } from '../certificate/acme/acmeConfig.js';
import { readShownCertificate } from '../certificate/certificates.js';
import { expiresSoonFrom } from '../certificate/serverCertificate.js';
import type { ServerConfig } from '../config/serverConfig.js';
import type { DoctorFinding } from './findings.js';

/**
 * Whether the server's certificate holds, also by this machine's clock, and for how long; and what
 * ACME does for it, where that is set up.
 */
export function certificateFindings(config: ServerConfig, now: Date): DoctorFinding[] {
  const { acme, dataDirectory } = config;
  const found = certificateFinding(config, now);
  return acme === null ? [found] : [found, acmeFinding(acme, dataDirectory)];
}

function certificateFinding(config: ServerConfig, now: Date): DoctorFinding {
  const subject = 'certificate';
  try {
    const certificate = readShownCertificate(config, now);
    if (certificate === null) return { subject, verdict: 'good', text: 'made at the first start.' };
    const { validTo } = certificate;
    const isSoon = now >= expiresSoonFrom(certificate);
    const text = `good until ${validTo.toISOString()}.${isSoon ? ' Renew it.' : ''}`;
    return { subject, verdict: isSoon ? 'attention' : 'good', text };
  } catch (error) {
    return { subject, verdict: 'bad', text: (error as Error).message };
  }
}

function acmeFinding({ domains, directory }: AcmeConfig, dataDirectory: string): DoctorFinding {
  const subject = 'ACME';
  const names = `${domains.join(', ')} by ${new URL(directory).host}`;
  const state = new AcmeFiles(dataDirectory).readState();
  if (state === null) {
    return { subject, verdict: 'good', text: `${names}: asked for at the next start.` };
  }
  const { lastTryMs, nextTryMs, failures, lastFault } = state;
  const last = lastTryMs === null ? 'never' : new Date(lastTryMs).toISOString();
  const times = `last try ${last}, next ${new Date(nextTryMs).toISOString()}`;
  if (lastFault === null) return { subject, verdict: 'good', text: `${names}: ${times}.` };
  const text = `${names}: ${failures} tries failed, ${times}. ${lastFault}`;
  return { subject, verdict: 'attention', text };
}
