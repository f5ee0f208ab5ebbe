import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeOwnerToken, takeOwnerToken } from './ownerToken.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-owner-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const file = (): string => join(directory, 'owner-token');

test('a token is good once, however it is written', () => {
  const token = makeOwnerToken(directory);
  expect(takeOwnerToken(directory, ` ${token.toUpperCase()}`)).toBe(true);
  expect(takeOwnerToken(directory, token)).toBe(false);
});

test('a wrong one uses nothing up', () => {
  const token = makeOwnerToken(directory);
  for (const wrong of ['', 'owner-', `${token}0`, token.slice(0, -1)]) {
    expect(takeOwnerToken(directory, wrong), wrong).toBe(false);
  }
  expect(takeOwnerToken(directory, token)).toBe(true);
});

test('another one is in place of the one before', () => {
  const first = makeOwnerToken(directory);
  const second = makeOwnerToken(directory);
  expect(takeOwnerToken(directory, first)).toBe(false);
  expect(takeOwnerToken(directory, second)).toBe(true);
});

test('its file is for its owner alone, and does not show it', () => {
  const token = makeOwnerToken(directory);
  if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readFileSync(file(), 'utf8')).not.toContain(token.replace('owner-', ''));
});

test.each(['', 'owner-0', 'ab'.repeat(31)])('a file that holds %j lets nobody in', (content) => {
  writeFileSync(file(), content);
  for (const given of ['', content]) expect(takeOwnerToken(directory, given)).toBe(false);
});

test('a directory that cannot be used is named', () => {
  const nowhere = join(directory, 'nowhere');
  expect(() => makeOwnerToken(nowhere)).toThrow(nowhere);
  writeFileSync(nowhere, '');
  expect(() => takeOwnerToken(nowhere, 'owner-0')).toThrow(nowhere);
});
