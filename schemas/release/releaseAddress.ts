import { isIPv4 } from 'node:net';

/** Words for people about an address that is not used. */
export const updateUrlAllowed = 'an https address of a folder with manifest.json (http: loopback)';

/** Whether releases may be fetched from there: what is not encrypted comes from this machine. */
export function isUpdateUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** The address of a file beside the manifest. @param folder as isUpdateUrl() wants it */
export function addressOf(folder: string, name: string): URL {
  return new URL(name, folder.endsWith('/') ? folder : `${folder}/`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}
