/** A colour by how light it is (0 … 1), how strong (0 … 0.4) and of what hue (degrees). */
export interface Oklch {
  readonly lightness: number;
  readonly chroma: number;
  readonly hue: number;
}

/** Linear light of red, green and blue, 0 … 1 where a screen can show it. */
type LinearRgb = readonly [number, number, number];

/** Oklab to linear sRGB: Björn Ottosson, "A perceptual color space for image processing", 2020. */
function toLinearRgb({ lightness, chroma, hue }: Oklch): LinearRgb {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** What rounding to a screen's 8 bits hides anyway. */
const tolerance = 0.001;

function isShowable(colour: Oklch): boolean {
  return toLinearRgb(colour).every((part) => part >= -tolerance && part <= 1 + tolerance);
}

/** The same lightness and hue, as strong as a screen can show it. Pure. */
export function withinScreen(colour: Oklch): Oklch {
  if (isShowable(colour)) return colour;
  let [weak, strong] = [0, colour.chroma];
  for (let step = 0; step < 12; step++) {
    const chroma = (weak + strong) / 2;
    if (isShowable({ ...colour, chroma })) weak = chroma;
    else strong = chroma;
  }
  return { ...colour, chroma: weak };
}

/** Relative luminance (WCAG 2.2), 0 … 1. Pure. */
function luminance(colour: Oklch): number {
  const [red, green, blue] = toLinearRgb(withinScreen(colour));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours (WCAG 2.2), 1 … 21. Pure. */
export function contrastOf(one: Oklch, other: Oklch): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** As style sheets write it. Pure. */
export function cssOf({ lightness, chroma, hue }: Oklch): string {
  return `oklch(${(lightness * 100).toFixed(1)}% ${chroma.toFixed(4)} ${hue.toFixed(1)})`;
}
