import { expect, it } from 'vitest';
import { parseAdminTarget } from './adminTarget.js';

it.each([
  ['http://127.0.0.1:4642', false, '127.0.0.1', 4642, 'http://127.0.0.1:4642'],
  ['http://localhost/', false, 'localhost', 4642, 'http://localhost:4642'],
  ['HTTP://[::1]:80', false, '::1', 80, 'http://[::1]:80'],
  ['https://Talk.Example.org', true, 'talk.example.org', 4643, 'https://talk.example.org:4643'],
  ['https://192.0.2.7:443', true, '192.0.2.7', 443, 'https://192.0.2.7:443'],
  ['https://[2001:DB8::1]', true, '2001:db8::1', 4643, 'https://[2001:db8::1]:4643'],
])('reads %s', (text, isSecure, host, port, origin) => {
  expect(parseAdminTarget(text)).toEqual({ isSecure, host, port, origin });
});

it.each([
  ['talk.example.org', 'https://HOST:4643'],
  ['http://talk.example.org', 'over https'],
  ['http://127.0.0.1.example.org:4642', 'over https'],
  ['https://somebody@talk.example.org', 'https://HOST:4643'],
  ['https://talk.example.org/console/', 'https://HOST:4643'],
  ['https://talk.example.org:99999', '65535'],
  ['https://', 'https://HOST:4643'],
])('refuses %s', (text, words) => {
  expect(() => parseAdminTarget(text)).toThrow(words);
});
