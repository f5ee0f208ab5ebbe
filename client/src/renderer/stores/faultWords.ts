import { RemoteFault } from '@rookery/client/bridge/bridgeFace';
import type { EngineFault } from '@rookery/client/engine/engineState';

/** What a command rejected with, as plain data. */
export function faultOf(error: unknown): EngineFault {
  if (error instanceof RemoteFault) return error.fault;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** Faults that have words in every language; others say what the engine says. */
const translated = ['unreachable', 'wrongPassword', 'invitationNeeded', 'serverBusy'] as const;

/** @param t of vue-i18n */
export function wordsOfFault(
  { code, message }: EngineFault,
  t: (key: `fault.${(typeof translated)[number]}`) => string,
): string {
  const known = translated.find((name) => name === code);
  return known === undefined ? message : t(`fault.${known}`);
}
