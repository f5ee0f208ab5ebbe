import { describe, expect, test } from 'vitest';
import { editToml } from './tomlEdit.js';

const text = `# of the nest
port = 4650  # not the "usual" # one
name = "The # Nest"
`;

describe('one key is changed', () => {
  test('and comments stay, also behind the value', () => {
    expect(editToml(text, 'port', 7)).toBe(text.replace('4650', '7'));
    const renamed = editToml(text, 'name', 'Say "hi"\\ # \u007f');
    expect(renamed.split('\n').slice(0, 2)).toEqual(text.split('\n').slice(0, 2));
    expect(renamed).toContain('name = "Say \\"hi\\"\\\\ # \\u007f"\n');
  });

  test('or added at the end, or removed', () => {
    expect(editToml(text, 'host', '::1')).toBe(`${text}host = "::1"\n`);
    expect(editToml('', 'port', 1)).toBe('port = 1\n');
    expect(editToml('port = 1', 'host', 'a')).toBe('port = 1\nhost = "a"\n');
    expect(editToml(text, 'port', null)).toBe('# of the nest\nname = "The # Nest"\n');
    expect(editToml(text, 'host', null)).toBe(text);
  });

  test('whatever quotes the key stands in', () => {
    expect(editToml('"port" = 1', 'port', 2)).toBe('port = 2\n');
  });

  test('although another value is out of place', () => {
    expect(editToml('port = 99999\nhost = 1\n', 'port', 5)).toBe('port = 5\nhost = 1\n');
  });
});

test.each([
  ['of several lines', 'name = """\nport = 1\n"""\n'],
  ['of another key', 'x = """\nname = 1\n"""\n'],
  ['beside others that are none', 'x = = 1\nname = 1\n'],
])('a value in lines %s is left to people', (_name, lines) => {
  expect(() => editToml(lines, 'name', 'x')).toThrow(/Edit it by hand/);
});
