import { expect, test } from 'vitest';
import { RecentMessages } from './recentMessages.js';

test('remembers the latest ids of each user by themselves', () => {
  const recent = new RecentMessages({ perUserMax: 3, totalMax: 100 });
  for (let index = 0; index < 5; index++) recent.add('ada', `client ${index}`, `message ${index}`);
  recent.add('bob', 'client 0', 'message of bob');
  expect(recent.find('ada', 'client 1')).toBeNull();
  expect(recent.find('ada', 'client 2')).toBe('message 2');
  expect(recent.find('ada', 'client 4')).toBe('message 4');
  expect(recent.find('bob', 'client 0')).toBe('message of bob');
  expect(recent.find('eve', 'client 4')).toBeNull();
});

test('forgets those who wrote longest ago when all together are too many', () => {
  const recent = new RecentMessages({ perUserMax: 3, totalMax: 4 });
  recent.add('ada', '1', 'a1');
  recent.add('bob', '1', 'b1');
  recent.add('bob', '2', 'b2');
  recent.add('ada', '2', 'a2');
  recent.add('eve', '1', 'e1');
  expect(recent.find('bob', '2')).toBeNull();
  expect(recent.find('ada', '1')).toBe('a1');
  expect(recent.find('eve', '1')).toBe('e1');
});
