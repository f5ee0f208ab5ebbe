import { expect, test } from 'vitest';
import { accentColours, accentHues } from './accentColours.js';
import { contrastOf, type Oklch } from './oklch.js';

/** As in tokens.css: window, panels, inputs. */
const surfaces = {
  dark: [
    { lightness: 0.18, chroma: 0.015, hue: 260 },
    { lightness: 0.215, chroma: 0.016, hue: 260 },
    { lightness: 0.26, chroma: 0.018, hue: 260 },
  ],
  light: [
    { lightness: 0.98, chroma: 0.004, hue: 260 },
    { lightness: 0.955, chroma: 0.006, hue: 260 },
    { lightness: 0.92, chroma: 0.008, hue: 260 },
  ],
} as const satisfies Record<string, readonly Oklch[]>;

const black: Oklch = { lightness: 0, chroma: 0, hue: 0 };
const white: Oklch = { lightness: 1, chroma: 0, hue: 0 };

test('measures contrast as WCAG does', () => {
  expect(contrastOf(black, white)).toBeCloseTo(21, 1);
  expect(contrastOf(white, white)).toBe(1);
  // #767676 on white is the darkest grey that is just enough.
  expect(contrastOf({ lightness: 0.5662, chroma: 0, hue: 0 }, white)).toBeCloseTo(4.54, 1);
});

const hues = [...Object.values(accentHues), ...Array.from({ length: 361 }, (_, hue) => hue)];

test.each(['dark', 'light'] as const)('every hue can be read in the %s theme', (theme) => {
  for (const hue of hues) {
    const { accent, onAccent, accentText } = accentColours(hue, theme);
    expect(contrastOf(onAccent, accent), `words on ${hue}`).toBeGreaterThanOrEqual(4.5);
    for (const surface of surfaces[theme]) {
      expect(contrastOf(accentText, surface), `words of ${hue}`).toBeGreaterThanOrEqual(4.5);
    }
    // Marks need less (WCAG 1.4.11); on inputs they stand beside words.
    for (const surface of surfaces[theme].slice(0, 2)) {
      expect(contrastOf(accent, surface), `marks of ${hue}`).toBeGreaterThanOrEqual(3);
    }
  }
});
