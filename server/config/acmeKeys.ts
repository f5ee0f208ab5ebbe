import type { z } from 'zod';
import {
  acmeChallenges,
  acmeDirectories,
  challengePorts,
  type AcmeConfig,
} from '../certificate/acme/acmeConfig.js';
import { choice, text, wholeNumber } from './keyKinds.js';

/** As many as one certificate of the best known authority holds. */
const domainsMax = 100;

/** RFC 1123; with a dot, because nobody issues certificates for names without. */
const domainName =
  /^(?=.{4,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

const emailMax = 254;

function domainsOf(given: string): readonly string[] {
  return given
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

/** Numbers alone at the end are an address, which this is no name of. */
function areDomains(given: string): boolean {
  const names = domainsOf(given);
  const isName = (name: string): boolean => domainName.test(name) && !/\.\d+$/.test(name);
  return names.length > 0 && names.length <= domainsMax && names.every(isName);
}

function isDirectory(given: string): boolean {
  if (Object.hasOwn(acmeDirectories, given)) return true;
  return URL.canParse(given) && ['https:', 'http:'].includes(new URL(given).protocol);
}

function isEmail(given: string): boolean {
  return given.length <= emailMax && /^[^\s@]+@[^\s@]+$/.test(given);
}

/** Keys of the configuration for certificates by ACME. */
export const acmeKeys = {
  'acme-domains': text(areDomains, {
    summary:
      'names to get a certificate for by ACME, with commas between; each leads to this server',
    placeholder: 'NAMES',
    reload: 'restart',
    allowed: 'DNS names such as talk.example.org, no addresses and no wildcards',
    defaultText: 'none: no ACME',
  }).optional(),
  'acme-terms': choice(['unread', 'agreed'], {
    summary: 'whether you agree to the terms of the authority, without which it issues nothing',
    placeholder: 'WORD',
    reload: 'restart',
  }),
  'acme-email': text(isEmail, {
    summary: 'where the authority writes to when something is wrong',
    placeholder: 'ADDRESS',
    reload: 'restart',
    allowed: 'an e-mail address',
    defaultText: 'nowhere',
  }).optional(),
  'acme-directory': text(isDirectory, {
    summary: 'authority; the staging one is for trials: it allows more and nobody trusts it',
    placeholder: 'URL',
    reload: 'restart',
    allowed: `${Object.keys(acmeDirectories).join(', ')}, or the URL of a directory (RFC 8555)`,
  }),
  'acme-challenge': choice(acmeChallenges, {
    summary: 'how names are proven: by HTTP on port 80, or by TLS on port 443',
    placeholder: 'KIND',
    reload: 'restart',
  }),
  'acme-port': wholeNumber(1, 65_535, {
    summary: 'TCP port that answers while a certificate is issued; the public one must lead to it',
    placeholder: 'PORT',
    unit: 'port',
    reload: 'restart',
    defaultText: '80 for http-01, 443 for tls-alpn-01',
  }).optional(),
};

/** Values of these keys where nothing is given. */
export const acmeDefaults = {
  'acme-terms': 'unread',
  'acme-directory': 'letsencrypt',
  'acme-challenge': 'http-01',
} as const;

type AcmeValues = z.infer<z.ZodObject<typeof acmeKeys>>;

/** What the keys say together. @returns null where no names are given */
export function acmeConfigOf(values: AcmeValues): AcmeConfig | null {
  const domains = values['acme-domains'];
  if (domains === undefined) return null;
  const challenge = values['acme-challenge'];
  const directory = values['acme-directory'];
  return {
    domains: domainsOf(domains),
    email: values['acme-email'] ?? null,
    directory: acmeDirectories[directory] ?? directory,
    challenge,
    port: values['acme-port'] ?? challengePorts[challenge],
  };
}
