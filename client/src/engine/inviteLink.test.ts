import { expect, it } from 'vitest';
import { parseInviteLink, parseServerLink, writeInviteLink } from './inviteLink.js';

const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');

it.each([
  { address: { host: 'talk.example.org', port: 4640 }, code: 'abcd', fingerprint },
  { address: { host: '::1', port: 9 }, code: '0-1 2', fingerprint: null },
])('a link says what was written into it: %j', (link) => {
  expect(parseInviteLink(writeInviteLink(link))).toEqual(link);
});

it.each(['', 'talk.example.org', 'https://talk.example.org/?invite=a', 'rookery://a/?x=y'])(
  'refuses %j',
  (text) => {
    expect(() => parseInviteLink(text)).toThrow('rookery://HOST:PORT/?invite=CODE');
  },
);

it.each([
  ['rookery://talk.example.org', 4640],
  ['  Rookery://talk.example.org:77/ ', 77],
])('leads to a server without an invitation: %j', (text, port) => {
  const address = { host: 'talk.example.org', port };
  expect(parseServerLink(text)).toEqual({ address, code: null, fingerprint: null });
});

it.each(['rookery:', 'rookery://', 'rookery:///?invite=a', 'rookery://a b', 'rookery://a/path'])(
  'leads nowhere: %j',
  (text) => {
    expect(() => parseServerLink(text)).toThrow('rookery://HOST:PORT');
  },
);
