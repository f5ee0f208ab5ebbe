import { z } from 'zod';
import { ClientError } from '../../engine/clientError.js';
import { localTime } from '../localTime.js';
import type { Output } from '../output.js';
import { catchStopSignals, isOnAfter } from '../stopSignal.js';
import { openAdmin, readAnswer } from './adminCommand.js';
import type { AdminOptions } from './loginCommand.js';

const acmeStatus = z.object({
  directory: z.string(),
  isTrying: z.boolean(),
  nextTryMs: z.number(),
  lastFault: z.string().nullable(),
});
const certificateAnswer = z.object({
  source: z.string(),
  names: z.array(z.string()),
  validToMs: z.number(),
  reloadFault: z.string().nullable(),
  acme: acmeStatus.nullable(),
});
type CertificateAnswer = z.output<typeof certificateAnswer>;

/** Milliseconds between two looks at a renewal. */
const lookMs = 500;

/** Prints which certificate the server shows, and what ACME does for it. */
export async function showCertificate(options: AdminOptions, output: Output): Promise<void> {
  const client = await openAdmin(options);
  const answer = await client.ask({ method: 'GET', path: '/certificate' });
  tell(readAnswer(certificateAnswer, answer, client), output);
}

/**
 * Has the server get another certificate by ACME, and waits for it; Ctrl-C ends the waiting alone.
 *
 * @throws ClientError `commandRefused`, also where there came none
 */
export async function renewCertificate(options: AdminOptions, output: Output): Promise<void> {
  const client = await openAdmin(options);
  await client.ask({ method: 'POST', path: '/certificate/renew' });
  output.progress({ event: 'renewing' }, 'the server asks for a certificate');
  const stop = catchStopSignals();
  try {
    while (await isOnAfter(lookMs, stop.signal)) {
      const asked = await client.ask({ method: 'GET', path: '/certificate' });
      const answer = readAnswer(certificateAnswer, asked, client);
      if (answer.acme === null || answer.acme.isTrying) continue;
      const { lastFault } = answer.acme;
      if (lastFault !== null) throw new ClientError('commandRefused', lastFault);
      tell(answer, output);
      return;
    }
    output.progress({ event: 'renewalGoesOn' }, 'the server goes on with it');
  } finally {
    stop.release();
  }
}

const sources: Readonly<Record<string, string>> = {
  own: 'the server itself',
  files: 'files',
  acme: 'ACME',
};

function tell(answer: CertificateAnswer, output: Output): void {
  const { source, names, validToMs, reloadFault, acme } = answer;
  const fault = reloadFault ?? acme?.lastFault ?? null;
  output.table({ event: 'certificate', ...answer }, [
    `from         ${sources[source] ?? source}`,
    `names        ${names.length === 0 ? 'none' : names.join(', ')}`,
    `ends         ${localTime(validToMs)}`,
    ...(acme === null ? [] : [`next try     ${localTime(acme.nextTryMs)}`]),
    ...(fault === null ? [] : [`fault        ${fault}`]),
  ]);
}
