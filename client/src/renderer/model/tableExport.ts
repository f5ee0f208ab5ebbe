/** A table as a file: what a spreadsheet opens. */
export function csvOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, ...rows].map((cells) => cells.map(csvCell).join(',') + '\r\n').join('');
}

/**
 * RFC 4180; what a spreadsheet would take for a formula, as names of others may be, is kept from
 * being one.
 */
function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
