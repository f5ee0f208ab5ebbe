import type { ServerConfig } from '../config/serverConfig.js';
import { certificateFindings } from './certificate.js';
import { clockFinding, isSynchronised, timeServiceFinding } from './clock.js';
import { dataDiskFindings } from './dataDisk.js';
import { databaseFinding, lookAtDatabase } from './databaseLook.js';
import type { DoctorFinding } from './findings.js';
import { machineFindings } from './machine.js';
import { portFindings } from './ports.js';
import { echoFindings } from './udpEcho.js';

/**
 * Looks at what a server needs on this machine, but for its native parts. Changes nothing (a file
 * in the data directory, to see how fast the disk is, is gone afterwards), and works beside a
 * server that runs. What cannot be seen from here is said.
 */
export async function examine(config: ServerConfig): Promise<readonly DoctorFinding[]> {
  const { port, voicePort, dataDirectory } = config;
  const now = new Date();
  const look = await lookAtDatabase(dataDirectory);
  const newestMessageMs = look.kind === 'opened' ? look.newestMessageMs : null;
  return [
    ...machineFindings(),
    ...(await portFindings(config)),
    ...(await echoFindings()),
    {
      subject: 'from outside',
      verdict: 'attention',
      text: `not checked: let UDP ${port} and ${voicePort} through firewall and router.`,
    },
    clockFinding(now.getTime(), newestMessageMs),
    await timeServiceFinding(isSynchronised),
    ...dataDiskFindings(dataDirectory),
    databaseFinding(look),
    ...certificateFindings(config, now),
  ];
}
