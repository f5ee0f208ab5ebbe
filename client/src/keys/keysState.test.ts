import { expect, test } from 'vitest';
import { problemAhead, stateOfProblem, type KeySurroundings } from './keysState.js';

test.each<[string, KeySurroundings, string | null]>([
  ['X11', { platform: 'linux', env: { DISPLAY: ':0', XDG_SESSION_TYPE: 'x11' } }, null],
  ['no display', { platform: 'linux', env: {} }, 'noDisplay'],
  ['an empty display', { platform: 'linux', env: { DISPLAY: '' } }, 'noDisplay'],
  ['Wayland', { platform: 'linux', env: { DISPLAY: ':0', WAYLAND_DISPLAY: 'w-0' } }, 'wayland'],
  ['a session', { platform: 'linux', env: { XDG_SESSION_TYPE: 'wayland' } }, 'wayland'],
  ['Windows', { platform: 'win32', env: {} }, null],
  ['macOS', { platform: 'darwin', env: {} }, null],
])('knows before it tries what %s lets be seen', (_, surroundings, problem) => {
  expect(problemAhead(surroundings)).toBe(problem);
});

test('keys of a window are left where those of all are not to be had', () => {
  expect(stateOfProblem('wayland')).toEqual({ phase: 'windowOnly', problem: 'wayland' });
  expect(stateOfProblem('notInstalled').phase).toBe('unsupported');
});
