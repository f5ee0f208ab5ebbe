import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6 } from 'node:net';
import { bindError } from '@rookery/transport/bindError';
import { resolveHost } from '@rookery/transport/resolveHost';
import { TransportError } from '@rookery/transport/transportError';
import type { ServerConfig } from '../config/serverConfig.js';
import { lowPortAdvice } from '../certificate/acme/challengePort.js';
import type { DoctorFinding } from './findings.js';
import { lowPortFinding, serviceRights, type ServiceRights } from './serviceRights.js';

interface Port {
  readonly subject: string;
  readonly kind: 'UDP' | 'TCP';
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** Whether the ports of a server are free, or had by a server that runs. */
export async function portFindings(
  config: ServerConfig,
  askRights: () => Promise<ServiceRights | null> = serviceRights,
): Promise<DoctorFinding[]> {
  const { host, port, voicePort, adminPort, adminTls, acme } = config;
  const isRunning = await answersLive(adminPort);
  const ports: Port[] = [
    { subject: 'control port', kind: 'UDP', host, port },
    { subject: 'voice port', kind: 'UDP', host, port: voicePort },
    { subject: 'admin port', kind: 'TCP', host: '127.0.0.1', port: adminPort },
  ];
  if (adminTls !== null) ports.push({ subject: 'admin over TLS', kind: 'TCP', ...adminTls });
  const findings: DoctorFinding[] = [];
  // One after another, so that none is in the way of another.
  for (const each of ports) findings.push(await portFinding(each, isRunning));
  if (acme !== null) findings.push(await acmePortFinding(host, acme.port, await askRights()));
  return findings;
}

/** Where a server that runs answers that it does. */
async function answersLive(adminPort: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(2_000);
    const answer = await fetch(`http://127.0.0.1:${adminPort}/live`, { signal });
    return ((await answer.json()) as { status?: unknown }).status === 'alive';
  } catch {
    return false;
  }
}

async function portFinding(port: Port, isRunning: boolean): Promise<DoctorFinding> {
  const { subject, kind } = port;
  const what = port.port === 0 ? `any free ${kind} port` : `${kind} ${port.port}`;
  const fault = await bindFault(port);
  if (fault === null) return { subject, verdict: 'good', text: `${what} can be had.` };
  if (fault.code === 'addressInUse' && isRunning) {
    return { subject, verdict: 'good', text: `${what}: a Rookery server runs here.` };
  }
  return { subject, verdict: 'bad', text: `${fault.message}.` };
}

/** A server that runs opens it only while it is issued a certificate. */
async function acmePortFinding(
  host: string,
  port: number,
  rights: ServiceRights | null,
): Promise<DoctorFinding> {
  const subject = 'ACME port';
  const fault = await bindFault({ subject, kind: 'TCP', host, port });
  if (fault === null) {
    const good: DoctorFinding = { subject, verdict: 'good', text: `TCP ${port} can be had.` };
    return lowPortFinding(subject, port, rights) ?? good;
  }
  const advice = fault.code === 'permissionDenied' ? ` ${lowPortAdvice}` : '';
  return { subject, verdict: 'bad', text: `${fault.message}.${advice}` };
}

/** @returns null where the port can be had */
async function bindFault({ kind, host, port }: Port): Promise<TransportError | null> {
  try {
    const address = await resolveHost(host);
    const bind = kind === 'UDP' ? bindUdp : bindTcp;
    await bind(address, port);
    return null;
  } catch (cause) {
    return cause instanceof TransportError ? cause : bindError(cause, host, port, kind);
  }
}

async function bindUdp(address: string, port: number): Promise<void> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
  } finally {
    socket.close();
  }
}

async function bindTcp(address: string, port: number): Promise<void> {
  const server = createServer();
  server.listen({ host: address, port, exclusive: true });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
