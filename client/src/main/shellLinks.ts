/** What a link leads to, of those that the client opens. */
export type LinkTarget = 'browser' | 'client' | 'nowhere';

const browserSchemes: readonly string[] = ['http:', 'https:', 'mailto:'];

/** Longer ones are no links that people make. */
const linkLengthMax = 2_048;

/** Where a link leads to that a page wants to follow. Pure. */
export function targetOf(link: string): LinkTarget {
  if (link.length > linkLengthMax || !URL.canParse(link)) return 'nowhere';
  const { protocol } = new URL(link);
  if (protocol === 'rookery:') return 'client';
  return browserSchemes.includes(protocol) ? 'browser' : 'nowhere';
}

/** The link that a program was started with, as Windows and Linux hand it over; null: none. */
export function linkAmong(args: readonly string[]): string | null {
  return args.find((arg) => /^rookery:/i.test(arg) && targetOf(arg) === 'client') ?? null;
}

/** What the page may be given of the machine: it shows notifications, and copies text. */
const permissions: readonly string[] = ['notifications', 'clipboard-sanitized-write'];

/** Whether a page of ours may do what it asks for; any other may do nothing. */
export function isAllowed(
  permission: string,
  requestingOrigin: string,
  ownOrigin: string,
): boolean {
  const origin = requestingOrigin.replace(/\/$/, '');
  return origin === ownOrigin && permissions.includes(permission);
}
