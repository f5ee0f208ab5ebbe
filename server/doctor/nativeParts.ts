import type { DoctorFinding } from './findings.js';

/** A part of the server that is machine code, made for one kind of machine. */
export interface NativePart {
  readonly name: string;
  /** @throws where this machine cannot run it */
  readonly load: () => unknown;
  /** What there is not without it; null where there is no server at all. */
  readonly without: string | null;
}

/** All that the server uses. Opus is not among them: it relays sound without opening it. */
export const nativeParts: readonly NativePart[] = [
  { name: 'lmdb', load: () => import('../store/database.js'), without: null },
  { name: 'sodium-native', load: () => import('sodium-native'), without: null },
  { name: 'quic', load: () => import('@rookery/transport/quicDriver'), without: null },
  { name: 'sharp', load: () => import('sharp'), without: 'pictures get no thumbnails' },
  {
    name: 'koffi',
    load: async () => {
      const { loadLinuxSocketCalls } = await import('@rookery/transport/linuxSocketCalls');
      return loadLinuxSocketCalls();
    },
    without: 'voice packets go one by one, which carries fewer people',
  },
];

/** Loads each part. Imports none of them before, so that one that is broken is told of. */
export function nativeFindings(
  parts: readonly NativePart[] = nativeParts,
): Promise<DoctorFinding[]> {
  return Promise.all(parts.map(nativeFinding));
}

async function nativeFinding({ name, load, without }: NativePart): Promise<DoctorFinding> {
  try {
    await load();
    return { subject: name, verdict: 'good', text: 'loads.' };
  } catch (error) {
    const reason = (error as Error).message.split('\n', 1)[0];
    const loss = without === null ? 'No server starts' : `Without it ${without}`;
    return {
      subject: name,
      verdict: without === null ? 'bad' : 'attention',
      text: `does not load (${reason}). ${loss}: run npm ci on this machine, as it is now.`,
    };
  }
}
