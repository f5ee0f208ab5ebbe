/** How a file's name is shown: its beginning may be cut, and its ending is always seen. */
export interface ShownName {
  readonly stem: string;
  /** With its dot; '' where there is none. */
  readonly ending: string;
}

/** An ending that is longer is none. */
const endingLengthMax = 12;

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function shownName(name: string): ShownName {
  const dot = name.lastIndexOf('.');
  const isEnding = dot > 0 && name.length - dot <= endingLengthMax;
  return isEnding
    ? { stem: name.slice(0, dot), ending: name.slice(dot) }
    : { stem: name, ending: '' };
}

/** 1_536_000 → "1.5 MB", as the language writes it. */
export function sizeText(bytes: number, language: string): string {
  return inUnit(bytes, language, (unit) => unit);
}

/** 1_536_000 → "1.5 MB/s". */
export function speedText(bytesPerSecond: number, language: string): string {
  return inUnit(bytesPerSecond, language, (unit) => `${unit}-per-second`);
}

function inUnit(bytes: number, language: string, name: (unit: string) => string): string {
  const power = bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3);
  const at = Math.min(power, units.length - 1);
  const maximumFractionDigits = at < 2 ? 0 : 1;
  const options = { style: 'unit', unit: name(units[at]!), maximumFractionDigits } as const;
  return new Intl.NumberFormat(language, options).format(bytes / 1_000 ** at);
}
