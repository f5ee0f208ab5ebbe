import { expect, test } from 'vitest';
import { ServerError } from '../errors.js';
import { acmeDefaults, acmeConfigOf } from './acmeKeys.js';
import { readConfig } from './loadConfig.js';

const around = { env: {}, homeDirectory: '/nowhere', workingDirectory: '/nowhere' };
const agreed = { 'acme-domains': 'talk.example.org', 'acme-terms': 'agreed' };

const read = (options: Record<string, string>) =>
  readConfig({ options, configFile: null }, around).config.acme;

function refusal(options: Record<string, string>): string {
  try {
    read(options);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    expect(error.code).toBe('invalidConfig');
    return error.message;
  }
  throw new Error('expected a refusal');
}

test('there is no ACME without names', () => {
  expect(read({})).toBeNull();
  expect(acmeConfigOf({ ...acmeDefaults })).toBeNull();
});

test('names, authority and port are read', () => {
  expect(read({ ...agreed, 'acme-domains': ' Talk.Example.org, voice.example.org ' })).toEqual({
    domains: ['talk.example.org', 'voice.example.org'],
    email: null,
    directory: 'https://acme-v02.api.letsencrypt.org/directory',
    challenge: 'http-01',
    port: 80,
  });
  const more = {
    ...{ 'acme-directory': 'letsencrypt-staging', 'acme-challenge': 'tls-alpn-01' },
    ...{ 'acme-email': 'olga@example.org' },
  };
  expect(read({ ...agreed, ...more })).toMatchObject({
    directory: 'https://acme-staging-v02.api.letsencrypt.org/directory',
    ...{ challenge: 'tls-alpn-01', port: 443, email: 'olga@example.org' },
  });
  const own = { 'acme-directory': 'https://ca.example:14000/dir', 'acme-port': '8080' };
  expect(read({ ...agreed, ...own })).toMatchObject({
    directory: 'https://ca.example:14000/dir',
    port: 8080,
  });
});

test.each(['192.0.2.1', '::1', 'localhost', '*.example.org', 'a b.example.org', ','])(
  'no certificate is asked for %s',
  (name) => {
    expect(refusal({ ...agreed, 'acme-domains': name })).toContain('DNS names such as');
  },
);

test('the terms have to be agreed to', () => {
  expect(refusal({ 'acme-domains': 'talk.example.org' })).toContain('"acme-terms" is "unread"');
});

test('files and ACME exclude each other', () => {
  const files = { certificate: '/a', key: '/b' };
  expect(refusal({ ...agreed, ...files })).toContain('"certificate" and "acme-domains"');
});

test.each([
  ['acme-directory', 'pebble'],
  ['acme-email', 'nobody'],
  ['acme-port', '0'],
  ['acme-challenge', 'dns-01'],
])('%s is not %s', (key, value) => {
  expect(refusal({ ...agreed, [key]: value })).toContain(`--${key}`);
});
