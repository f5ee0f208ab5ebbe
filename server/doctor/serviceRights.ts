import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { lowPortAdvice } from '../certificate/acme/challengePort.js';
import type { DoctorFinding } from './findings.js';

/** What systemd lets the installed server do. */
export interface ServiceRights {
  readonly user: string;
  /** Names of capabilities, as systemd writes them. */
  readonly capabilities: readonly string[];
  /** The first port that needs no right on this machine (ip(7)). */
  readonly freePortsFrom: number;
}

/** Asks systemd for the unit of the server; null: there is none, or no systemd. */
export async function serviceRights(): Promise<ServiceRights | null> {
  const properties = '--property=LoadState,User,AmbientCapabilities';
  const said = await new Promise<string>((resolve) => {
    const argv = ['show', 'rookery.service', properties];
    execFile('systemctl', argv, { timeout: 2_000 }, (_error, text) => resolve(text));
  });
  return rightsIn(said, freePortsFrom());
}

/** Reads what `systemctl show` printed. */
export function rightsIn(said: string, freePortsFrom: number): ServiceRights | null {
  const values = new Map(said.split('\n').map((line) => line.split('=', 2) as [string, string]));
  if (values.get('LoadState') !== 'loaded') return null;
  const capabilities = (values.get('AmbientCapabilities') ?? '').split(' ');
  return { user: values.get('User') ?? '', capabilities, freePortsFrom };
}

/**
 * Whether the installed server may have a port that whoever asks can have, as root can have all.
 *
 * @returns null where there is nothing to tell
 */
export function lowPortFinding(
  subject: string,
  port: number,
  rights: ServiceRights | null,
): DoctorFinding | null {
  if (rights === null || port >= rights.freePortsFrom) return null;
  if (rights.user === '' || rights.user === 'root') return null;
  if (rights.capabilities.includes('cap_net_bind_service')) return null;
  const text = `TCP ${port} can be had, but not by rookery.service. ${lowPortAdvice}`;
  return { subject, verdict: 'bad', text };
}

function freePortsFrom(): number {
  const file = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 1024;
}
