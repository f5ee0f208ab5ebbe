import type { AccentName } from '@rookery/client/host/noticeNames';
import { withinScreen, type Oklch } from './oklch.js';

/** What stands out, what stands on it, and the same as letters. */
export interface AccentColours {
  readonly accent: Oklch;
  readonly onAccent: Oklch;
  readonly accentText: Oklch;
}

/** Degrees. First light, and other colours of a sky and what is beneath it. */
export const accentHues: Readonly<Record<Exclude<AccentName, 'custom'>, number>> = {
  dawn: 75,
  coral: 35,
  rose: 0,
  violet: 305,
  sky: 235,
  leaf: 135,
};

/**
 * How light and how strong: the same for all hues, so that each can be read on the surfaces of its
 * theme, and what stands on it can.
 */
const strengths = {
  dark: {
    accent: { lightness: 0.79, chroma: 0.14 },
    onAccent: { lightness: 0.2, chroma: 0.03 },
    accentText: { lightness: 0.79, chroma: 0.14 },
  },
  light: {
    accent: { lightness: 0.61, chroma: 0.15 },
    onAccent: { lightness: 0.18, chroma: 0.03 },
    accentText: { lightness: 0.47, chroma: 0.12 },
  },
} as const;

/** @param hue degrees; any, as the lightness is bound. Pure. */
export function accentColours(hue: number, theme: 'dark' | 'light'): AccentColours {
  const { accent, onAccent, accentText } = strengths[theme];
  return {
    accent: withinScreen({ ...accent, hue }),
    onAccent: withinScreen({ ...onAccent, hue }),
    accentText: withinScreen({ ...accentText, hue }),
  };
}

/** @param customHue degrees, of `custom`. Pure. */
export function hueOfAccent(accent: AccentName, customHue: number): number {
  return accent === 'custom' ? customHue : accentHues[accent];
}
