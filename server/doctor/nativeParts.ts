import { messageOfProcess } from '../store/processMessage.js';
import { ownRelease } from '../update/ownRelease.js';
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

/** @returns why a part does not load, on one line; null where it does */
export type NativeLook = (part: NativePart) => Promise<string | null>;

/** What the process that loads a part sends. */
export interface NativeMessage {
  readonly fault: string | null;
}

/** Loads a part in a process of its own: one whose file is cut short ends it without a word. */
export async function lookAtNativePart({ name }: NativePart): Promise<string | null> {
  const entry = new URL('./nativePartProcess.js', import.meta.url);
  const came = await messageOfProcess<NativeMessage>(entry, name);
  if (came.kind === 'message') return came.message.fault;
  return `loading it ended with ${came.how}: its file is damaged`;
}

/** Looks at each part. Imports none of them, so that one that is broken is told of. */
export function nativeFindings(look: NativeLook): Promise<DoctorFinding[]> {
  const release = ownRelease();
  const advice =
    release === null
      ? 'run npm ci on this machine, as it is now.'
      : `this release is damaged, or made for another machine: unpack the archive again, or ` +
        'install again the one for this machine (docs/updates.md).';
  return Promise.all(nativeParts.map((part) => nativeFinding(part, look, advice)));
}

async function nativeFinding(
  part: NativePart,
  look: NativeLook,
  advice: string,
): Promise<DoctorFinding> {
  const { name, without } = part;
  const fault = await look(part);
  if (fault === null) return { subject: name, verdict: 'good', text: 'loads.' };
  const loss = without === null ? 'No server starts' : `Without it ${without}`;
  return {
    subject: name,
    verdict: without === null ? 'bad' : 'attention',
    text: `does not load (${fault}). ${loss}: ${advice}`,
  };
}
