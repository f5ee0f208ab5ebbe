import { fingerprintWords } from '@rookery/schemas/fingerprintWords';
import { Registration } from '@rookery/schemas/generated/rookery/registration';
import type { ServerCard } from '@rookery/schemas/messages';
import { fingerprintBytesOf } from '../engine/fingerprint.js';
import { formatServerAddress, type ServerAddress } from '../engine/serverAddress.js';
import { readServerCard, type SeenServer } from '../engine/serverCard.js';
import { glanceAtServerPin } from '../engine/serverPins.js';
import type { Output } from './output.js';
import { catchStopSignals } from './stopSignal.js';

export interface CardOptions {
  readonly server: ServerAddress;
  readonly profile: string;
  /** Seconds. */
  readonly timeout: number;
}

/** `card`: what a server shows to everybody. Nothing is remembered, and no name or key is sent. */
export async function showCard(
  { server, profile, timeout }: CardOptions,
  output: Output,
): Promise<void> {
  const stop = catchStopSignals();
  const timeoutMs = Math.ceil(timeout * 1_000);
  try {
    const seen = await readServerCard({ address: server, timeoutMs, signal: stop.signal });
    const trust = await glanceAtServerPin(profile, server, seen.fingerprints);
    const { key: fingerprint } = seen.fingerprints;
    const words = fingerprintWords(fingerprintBytesOf(fingerprint));
    const shown = { ...fieldsOf(seen), trust, fingerprint, words };
    const event = { event: 'card', address: formatServerAddress(server), ...shown };
    const lines = [...linesOf(seen), `fingerprint  ${fingerprint} (${trust})`];
    output.table(event, [...lines, `in words     ${words.join(' ')}`]);
  } finally {
    stop.release();
  }
}

/** For programs. */
function fieldsOf({ card, roundTripMs }: SeenServer) {
  if (card === null) return { roundTripMs, isHidden: true };
  const { protocolVersion, version, serverName, members, membersMax, passwordRequired } = card;
  return {
    ...{ protocolVersion, version, serverName, members, membersMax, passwordRequired },
    ...{ registration: registrationOf(card), roundTripMs },
  };
}

function registrationOf({ registration }: ServerCard): string {
  return Registration[registration].toLowerCase();
}

function linesOf({ card, roundTripMs }: SeenServer): string[] {
  const ping = `ping         ${roundTripMs.toFixed(1)} ms`;
  if (card === null) return ['name         it shows no card', ping];
  return [
    `name         ${card.serverName}`,
    `there        ${card.members} of ${card.membersMax}`,
    `password     ${card.passwordRequired ? 'required' : 'none'}`,
    `lets in      ${registrationOf(card)}`,
    `version      ${card.version} (protocol ${card.protocolVersion})`,
    ping,
  ];
}
