import { expect, test } from 'vitest';
import { menuOf, type MenuItem } from './menuItems.js';

const line = (label: string): MenuItem => ({ kind: 'action', label, run: () => undefined });

test('sets groups apart, and says nothing of empty ones', () => {
  const menu = menuOf([], [line('join'), line('read')], [], [line('delete')], []);
  expect(menu.map((item) => ('label' in item ? item.label : '—'))).toEqual([
    'join',
    'read',
    '—',
    'delete',
  ]);
});

test('is empty where all groups are', () => {
  expect(menuOf([], [])).toEqual([]);
});
