/** Long enough for every browser to have begun. */
const revokeAfterMs = 10_000;

/** Has the browser keep a text as a file, as it does with downloads. */
export function saveText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), revokeAfterMs);
}

/** @throws DOMException where the browser does not permit it */
export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

/** Of a file: the moment, so that the next one has another. */
export function timeStamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(':', '-');
}
