const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A size as people read it. Pure. @param locale BCP 47 */
export function bytesText(bytes: number, locale: string): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const value = bytes / 1_024 ** power;
  const maximumFractionDigits = value < 10 && power > 0 ? 1 : 0;
  return `${value.toLocaleString(locale, { maximumFractionDigits })} ${units[power]!}`;
}
