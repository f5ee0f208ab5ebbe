import { expect, it } from 'vitest';
import { TerminalScreen } from './terminalScreen.js';

it('draws meters in place, with other words above them', () => {
  let written = '';
  const screen = new TerminalScreen((text) => (written += text));
  screen.draw(['a', 'b']);
  screen.draw(['a', 'b']);
  expect(written).toBe('a\nb\n');
  written = '';
  screen.draw(['c']);
  expect(written).toBe('\x1b[2A\r\x1b[Jc\n');
  written = '';
  screen.above(() => (written += 'news\n'));
  expect(written).toBe('\x1b[1A\r\x1b[Jnews\nc\n');
  written = '';
  screen.clear();
  screen.clear();
  expect(written).toBe('\x1b[1A\r\x1b[J');
});
