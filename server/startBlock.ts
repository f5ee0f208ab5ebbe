import { isIPv6 } from 'node:net';

/** What people have to know of a running server. */
export interface StartInfo {
  readonly name: string;
  readonly quic: BoundPort;
  readonly voice: BoundPort;
  readonly admin: BoundPort;
  /** Of the admin interface for other machines; null: there is none. */
  readonly adminTls: BoundPort | null;
  /** SHA-256 of the server's public key, upper-case hexadecimal with colons: what clients pin. */
  readonly fingerprint: string;
  /** The same, to be read out (schemas/fingerprintWords.ts). */
  readonly fingerprintWords: readonly string[];
  readonly dataDirectory: string;
  readonly passwordRequired: boolean;
}

export interface BoundPort {
  readonly host: string;
  readonly port: number;
}

/**
 * The block that a started server prints.
 *
 * @param command how people call this program in a shell
 */
export function formatStartBlock(info: StartInfo, version: string, command: string): string {
  const { name, quic, voice, admin, adminTls, fingerprint, dataDirectory, passwordRequired } = info;
  const { fingerprintWords } = info;
  const server = joinAddress(quic);
  const lines = [
    `Rookery ${version}: ${name}`,
    '',
    `  control      ${hostPort(quic)}/udp (QUIC)`,
    `  voice        ${hostPort(voice)}/udp`,
    `  admin        http://${hostPort(admin)}`,
    ...(adminTls === null ? [] : [`  from afar    https://${hostPort(adminTls)}`]),
    `  fingerprint  ${fingerprint}`,
    `  in words     ${fingerprintWords.join(' ')}`,
    `  data         ${dataDirectory}`,
    `  password     ${passwordRequired ? 'required' : 'none'}`,
    '',
    '  See the rooms   ' + `${command} rooms --server ${server}`,
    '  Join and speak  ' +
      `${command} say --server ${server} --name YOU --room Lobby --wav FILE.wav`,
    '  Join and hear   ' +
      `${command} listen --server ${server} --name YOU --room Lobby --out FILE.wav --seconds 30`,
    '  From elsewhere  put the address of this machine in place of the host.',
    '  Stop            Ctrl-C',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * What follows the block while the server has no owner. It is a secret: of the terminal, and of no
 * log.
 */
export function formatOwnerToken({ quic }: StartInfo, token: string, command: string): string {
  return [
    '',
    '  This server has no owner yet. Whoever is the first to run this becomes it:',
    `    ${command} owner ${token} --server ${joinAddress(quic)}`,
    '',
  ].join('\n');
}

/** The same as one JSON object on one line. */
export function formatStartLine(info: StartInfo, version: string): string {
  return `${JSON.stringify({ event: 'started', version, ...info })}\n`;
}

/** Where a client on this machine finds the server. */
function joinAddress({ host, port }: BoundPort): string {
  return hostPort({ host: host === '::' || host === '0.0.0.0' ? 'localhost' : host, port });
}

function hostPort({ host, port }: BoundPort): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}
