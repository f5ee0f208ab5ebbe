import { figureUnits, type FigureId } from './figures.js';

/** Of what is not known. */
export const unknownText = '–';

/** A number as short as it still says something. Pure. @param locale BCP 47 */
export function shortNumber(value: number | null, locale: string): string {
  if (value === null || Number.isNaN(value)) return unknownText;
  const maximumFractionDigits = Math.abs(value) < 10 ? 1 : 0;
  return value.toLocaleString(locale, { maximumFractionDigits });
}

/** A figure with what it is counted in. Pure. */
export function figureText(id: FigureId, value: number | null, locale: string): string {
  const text = shortNumber(value, locale);
  return text === unknownText ? text : `${text} ${figureUnits[id]}`;
}
