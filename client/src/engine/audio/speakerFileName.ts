/** Names that Windows keeps for devices, with any extension. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * The name of a speaker's file: the display name without what a file system or a shell might take
 * for more than a name, and like no other of this recording, also where case does not count.
 *
 * @param displayName as the speaker chose it: anything, but no longer than display names may be
 * @param taken file names given so far, in lower case; the new one is added
 * @returns a file name that ends in .wav
 */
export function speakerFileName(displayName: string, taken: Set<string>): string {
  const cleaned = displayName
    .normalize('NFC')
    .replace(/[\p{C}<>:"/\\|?*]/gu, '_')
    .replace(/^[\s.-]+|[\s.]+$/gu, '');
  const stem = cleaned || 'speaker';
  const safe = deviceName.test(stem.split('.')[0]!) ? `_${stem}` : stem;
  for (let count = 1; ; count++) {
    const name = count === 1 ? `${safe}.wav` : `${safe} (${count}).wav`;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}
