import { expect, test } from 'vitest';
import { speakerFileName } from './speakerFileName.js';

test.each([
  ['Ada', 'Ada.wav'],
  ['Ada Lovelace', 'Ada Lovelace.wav'],
  ['Zoë 🐦', 'Zoë 🐦.wav'],
  ['../../etc/passwd', '_.._etc_passwd.wav'],
  ['a\\b:c*d?e"f<g>h|i', 'a_b_c_d_e_f_g_h_i.wav'],
  ['tab\there\u202eevil\0', 'tab_here_evil_.wav'],
  ['...', 'speaker.wav'],
  ['', 'speaker.wav'],
  ['.hidden', 'hidden.wav'],
  ['-rf', 'rf.wav'],
  ['trailing. . ', 'trailing.wav'],
  ['CON', '_CON.wav'],
  ['lpt1.old', '_lpt1.old.wav'],
])('%j becomes %j', (displayName, fileName) => {
  expect(speakerFileName(displayName, new Set())).toBe(fileName);
});

test('gives no name twice, also where case does not count', () => {
  const taken = new Set<string>();
  const names = ['Ada', 'ada', 'ADA', 'Ada (2)'].map((name) => speakerFileName(name, taken));
  expect(names).toEqual(['Ada.wav', 'ada (2).wav', 'ADA (3).wav', 'Ada (2) (2).wav']);
});
