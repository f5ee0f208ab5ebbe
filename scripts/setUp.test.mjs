import { expect, test } from 'vitest';
import { holdsLockedPackages } from './setUp.mjs';

const lock = {
  packages: {
    '': { version: '1.0.0' },
    server: { version: '1.0.0' },
    'node_modules/@rookery/server': { resolved: 'server', link: true },
    'node_modules/koffi': { version: '3.0.0', integrity: 'sha512-a' },
    'client/vendor/handler': { version: '1.0.0', optional: true },
    'node_modules/handler': { resolved: 'client/vendor/handler', link: true },
    'node_modules/koffi-linux': { version: '3.0.0', integrity: 'sha512-b', optional: true },
  },
};
const { 'node_modules/koffi-linux': optionalEntry, ...required } = lock.packages;

test('accepts an installation that holds every package that is not optional', () => {
  expect(holdsLockedPackages(lock, { packages: required })).toBe(true);
  expect(holdsLockedPackages(lock, { packages: lock.packages })).toBe(true);
});

test('accepts that an optional package of the checkout is not linked', () => {
  const unlinked = { ...required };
  delete unlinked['node_modules/handler'];
  expect(holdsLockedPackages(lock, { packages: unlinked })).toBe(true);
});

test('refuses a missing package', () => {
  expect(holdsLockedPackages(lock, { packages: { server: required.server } })).toBe(false);
});

test('refuses another version, also of an optional package', () => {
  const other = { ...required, 'node_modules/koffi': { version: '2.0.0', integrity: 'sha512-a' } };
  expect(holdsLockedPackages(lock, { packages: other })).toBe(false);
  const optional = {
    ...required,
    'node_modules/koffi-linux': { ...optionalEntry, version: '2.0.0' },
  };
  expect(holdsLockedPackages(lock, { packages: optional })).toBe(false);
});

test('refuses the same version with other content', () => {
  const other = { ...required, 'node_modules/koffi': { version: '3.0.0', integrity: 'sha512-z' } };
  expect(holdsLockedPackages(lock, { packages: other })).toBe(false);
});

test('refuses a package that the lock file does not know', () => {
  const other = { ...required, 'node_modules/left-over': { version: '1.0.0' } };
  expect(holdsLockedPackages(lock, { packages: other })).toBe(false);
});
