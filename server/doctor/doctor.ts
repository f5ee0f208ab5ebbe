import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readCertificateFiles } from '../certificate/serverCertificate.js';
import type { ServerConfig } from '../config/serverConfig.js';
import { voiceLimits } from '../limits.js';
import { checkDatabaseHeader } from '../store/databaseHeader.js';
import { databasePath, newestVersion } from '../store/migrate.js';
import type { DoctorFinding, Verdict } from './findings.js';

/**
 * Looks at what a server needs on this machine. Changes nothing, and works beside a server that
 * runs. What cannot be seen from here is said.
 */
export async function examine(config: ServerConfig): Promise<readonly DoctorFinding[]> {
  const { host, port, voicePort, adminPort } = config;
  const isRunning = await answersHealth(adminPort);
  return [
    nodeFinding(process.versions.node),
    await udpFinding('control port', host, port, isRunning),
    await udpFinding('voice port', host, voicePort, isRunning),
    await tcpFinding(adminPort, isRunning),
    {
      subject: 'from outside',
      verdict: 'attention',
      text: `not checked: let UDP ${port} and ${voicePort} through firewall and router.`,
    },
    bufferFinding('rmem_max'),
    bufferFinding('wmem_max'),
    diskFinding(config.dataDirectory),
    databaseFinding(config.dataDirectory),
    certificateFinding(config, new Date()),
    ...(await Promise.all(nativeParts.map(nativeFinding))),
  ];
}

function nodeFinding(version: string): DoctorFinding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 19);
  const text = isEnough ? version : `${version} is too old. Install 20.19 or newer.`;
  return { subject: 'Node', verdict: isEnough ? 'good' : 'bad', text };
}

async function answersHealth(adminPort: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${adminPort}/live`);
    return ((await answer.json()) as { status?: unknown }).status === 'alive';
  } catch {
    return false;
  }
}

async function udpFinding(
  subject: string,
  host: string,
  port: number,
  isRunning: boolean,
): Promise<DoctorFinding> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind({ address: host, port, exclusive: true });
    await once(socket, 'listening');
    return { subject, verdict: 'good', text: `UDP ${port} is free.` };
  } catch (error) {
    return taken(subject, `UDP ${port}`, isRunning, error);
  } finally {
    socket.close();
  }
}

async function tcpFinding(port: number, isRunning: boolean): Promise<DoctorFinding> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return { subject: 'admin port', verdict: 'good', text: `TCP ${port} is free.` };
  } catch (error) {
    return taken('admin port', `TCP ${port}`, isRunning, error);
  } finally {
    server.close();
  }
}

function taken(subject: string, what: string, isRunning: boolean, error: unknown): DoctorFinding {
  if (isRunning) return { subject, verdict: 'good', text: `${what}: a Rookery server runs here.` };
  const text = `${what} cannot be used (${(error as Error).message}). Stop what has it.`;
  return { subject, verdict: 'bad', text };
}

function bufferFinding(name: 'rmem_max' | 'wmem_max'): DoctorFinding {
  const subject = name;
  const file = `/proc/sys/net/core/${name}`;
  if (!existsSync(file)) {
    return { subject, verdict: 'attention', text: 'not checked: this system does not tell it.' };
  }
  const bytes = Number(readFileSync(file, 'utf8'));
  const wanted = voiceLimits.socketBufferBytes;
  if (bytes >= wanted) return { subject, verdict: 'good', text: `${bytes} bytes.` };
  const text = `${bytes} bytes: bursts may get lost. Set: sysctl -w net.core.${name}=${wanted}`;
  return { subject, verdict: 'attention', text };
}

/** Below the first the store refuses to write; below the second that is soon. */
const diskBytes = { bad: 16 * 1_048_576, attention: 1_073_741_824 } as const;

function diskFinding(dataDirectory: string): DoctorFinding {
  const subject = 'disk';
  if (!existsSync(dataDirectory)) {
    return { subject, verdict: 'good', text: `${dataDirectory} is made at the first start.` };
  }
  const { bavail, bsize } = statfsSync(dataDirectory);
  const free = bavail * bsize;
  const verdict: Verdict =
    free < diskBytes.bad ? 'bad' : free < diskBytes.attention ? 'attention' : 'good';
  const advice = verdict === 'good' ? '' : ' Make space: without it nobody can write.';
  return { subject, verdict, text: `${Math.floor(free / 1_048_576)} MiB are free.${advice}` };
}

function databaseFinding(dataDirectory: string): DoctorFinding {
  const subject = 'database';
  const version = newestVersion(dataDirectory);
  if (version === null) return { subject, verdict: 'good', text: 'none yet.' };
  try {
    checkDatabaseHeader(databasePath(dataDirectory, version));
    const text = `version ${version}; "rookery check" reads all of it.`;
    return { subject, verdict: 'good', text };
  } catch (error) {
    return { subject, verdict: 'bad', text: `${(error as Error).message}. Restore a backup.` };
  }
}

const soonMs = 30 * 86_400_000;

function certificateFinding(config: ServerConfig, now: Date): DoctorFinding {
  const subject = 'certificate';
  const own = join(config.dataDirectory, 'identity.pem');
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

const nativeParts = ['lmdb', 'sodium-native', 'sharp'] as const;

async function nativeFinding(part: (typeof nativeParts)[number]): Promise<DoctorFinding> {
  try {
    await import(part);
    return { subject: part, verdict: 'good', text: 'loads.' };
  } catch (error) {
    const text = `does not load (${(error as Error).message}). Run npm ci.`;
    return { subject: part, verdict: 'bad', text };
  }
}
