import type { ConfigValues } from './configSchema.js';

/** Addresses that take what comes to loopback, where the admin port is. */
const hostsWithLoopback = ['::', '0.0.0.0', '::1', '127.0.0.1', 'localhost'];

/**
 * What values say against each other, each of which is sound by itself: the keys, and what is
 * allowed. Pure.
 */
export function contradictionsIn(values: ConfigValues): readonly string[] {
  return rules.map((rule) => rule(values)).filter((words) => words !== null);
}

/** @returns what is wrong, as sentences; null where nothing is */
type Rule = (values: ConfigValues) => string | null;

const certificateNeedsKey: Rule = ({ certificate, key }) => {
  if ((certificate === undefined) === (key === undefined)) return null;
  const [given, missing] = key === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
  return `"${given}" is given without "${missing}". Allowed: both, or neither.`;
};

const filesOrAcme: Rule = ({ certificate, 'acme-domains': domains }) =>
  certificate !== undefined && domains !== undefined
    ? '"certificate" and "acme-domains" are both given. Allowed: one of them.'
    : null;

const acmeNeedsTerms: Rule = ({ 'acme-domains': domains, 'acme-terms': terms }) =>
  domains !== undefined && terms !== 'agreed'
    ? `"acme-domains" is given, and "acme-terms" is "${terms}". Allowed: "agreed", once you have ` +
      'read the terms of the authority, which its directory links to.'
    : null;

const registrationNeedsPassword: Rule = ({ registration, password }) =>
  registration === 'password' && password === undefined
    ? '"registration" is "password", and "password" is not given. Allowed: both, or another one.'
    : null;

const udpPortsDiffer: Rule = ({ port, 'voice-port': voicePort }) =>
  port !== 0 && port === voicePort
    ? `"port" and "voice-port" are both ${port}. Allowed: two different UDP ports.`
    : null;

const adminPortsDiffer: Rule = (values) => {
  const { 'admin-port': plain, 'admin-tls-port': secure, 'admin-tls-host': host } = values;
  if (host === undefined || plain === 0 || plain !== secure) return null;
  return hostsWithLoopback.includes(host)
    ? `"admin-port" and "admin-tls-port" are both ${plain}, and "admin-tls-host" is "${host}", ` +
        'which takes loopback, too. Allowed: two different TCP ports.'
    : null;
};

const quotasGrow: Rule = (values) => {
  const sizes = [values['file-size'], values['user-quota'], values['server-quota']] as const;
  return sizes[0] > sizes[1] || sizes[1] > sizes[2]
    ? `"file-size", "user-quota" and "server-quota" are ${sizes.join(', ')} MiB. Allowed: each ` +
        'at least as large as the one before it.'
    : null;
};

const calmIsBelowHot: Rule = ({ 'calm-room-rate': calm, 'hot-room-rate': hot }) =>
  calm >= hot
    ? `"calm-room-rate" and "hot-room-rate" are ${calm} and ${hot}. Allowed: the first below the ` +
      'second.'
    : null;

const rules: readonly Rule[] = [
  ...[certificateNeedsKey, registrationNeedsPassword, udpPortsDiffer],
  ...[adminPortsDiffer, quotasGrow, calmIsBelowHot, filesOrAcme, acmeNeedsTerms],
];
