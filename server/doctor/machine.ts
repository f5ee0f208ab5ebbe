import { existsSync, readFileSync } from 'node:fs';
import { voiceLimits } from '../limits.js';
import { uploadLimits } from '../uploadLimits.js';
import type { DoctorFinding } from './findings.js';

/** What this machine and its system let a server have. */
export function machineFindings(): DoctorFinding[] {
  return [
    nodeFinding(process.versions.node),
    bufferFinding('rmem_max'),
    bufferFinding('wmem_max'),
    openFilesFinding(textOf('/proc/self/limits')),
  ];
}

/** @param version such as `20.19.0` */
export function nodeFinding(version: string): DoctorFinding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 19);
  const text = isEnough ? `${version}.` : `${version} is too old. Install 20.19 or newer.`;
  return { subject: 'Node', verdict: isEnough ? 'good' : 'bad', text };
}

function bufferFinding(name: 'rmem_max' | 'wmem_max'): DoctorFinding {
  const subject = name;
  const said = textOf(`/proc/sys/net/core/${name}`);
  if (said === null) {
    return { subject, verdict: 'attention', text: 'not checked: this system does not tell it.' };
  }
  const bytes = Number(said);
  const wanted = voiceLimits.socketBufferBytes;
  if (bytes >= wanted) return { subject, verdict: 'good', text: `${bytes} bytes.` };
  const text = `${bytes} bytes: bursts may get lost. Set: sysctl -w net.core.${name}=${wanted}`;
  return { subject, verdict: 'attention', text };
}

/** Members of a large community. They share a few sockets: what takes a file each is a download. */
const members = 5_000;

/** Sockets and signals of workers, the database, the log, the console, Node itself. */
const ownFiles = 512;

/** Everybody fetches a file, and as many upload as may. */
const filesWanted = members + uploadLimits.activeMax + ownFiles;

/**
 * Node raises the soft limit to the hard one when it starts, so that this is what a server started
 * in the same way has.
 *
 * @param limits the content of proc(5)'s `limits`; null where the system has none
 */
export function openFilesFinding(limits: string | null): DoctorFinding {
  const subject = 'open files';
  const [, said] = /^Max open files\s+(\d+|unlimited)/m.exec(limits ?? '') ?? [];
  if (said === undefined) {
    return { subject, verdict: 'attention', text: 'not checked: this system does not tell it.' };
  }
  if (said === 'unlimited' || Number(said) >= filesWanted) {
    return { subject, verdict: 'good', text: `${said} at a time.` };
  }
  const text =
    `${said} at a time, where ${members} members may need ${filesWanted}: some downloads would ` +
    `fail. Raise the hard limit: LimitNOFILE=${filesWanted} for a service, else ulimit -Hn.`;
  return { subject, verdict: 'attention', text };
}

function textOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
