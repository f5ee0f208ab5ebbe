import { describe, expect, it } from 'vitest';
import { terminalJson, terminalText } from './terminalText.js';

const hostile = 'a\u001b[2Jb\rc\nd\u009b1me\u202eg\u2028h\u007f\u{e0041}';
const commanding = /[\u0000-\u001f\u007f-\u009f\u202e\u2028\u{e0041}]/u;

describe('terminalText', () => {
  it('shows what would command a terminal, and leaves the rest', () => {
    const shown = terminalText(hostile);
    expect(shown).not.toMatch(commanding);
    expect(shown).toBe('a\\u{1b}[2Jb\\u{d}c\\nd\\u{9b}1me\\u{202e}g\\u{2028}h\\u{7f}\\u{e0041}');
    expect(terminalText('Grüße, 世界 👋')).toBe('Grüße, 世界 👋');
  });
});

describe('terminalJson', () => {
  it('is one harmless line that parses to the very value', () => {
    const line = terminalJson({ text: hostile });
    expect(line).not.toMatch(commanding);
    expect(JSON.parse(line)).toEqual({ text: hostile });
  });
});
