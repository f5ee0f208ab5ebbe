import { fileTypeFromBuffer } from 'file-type';
import { fileTransfer } from '@rookery/schemas/protocol';

/** Of a file whose bytes tell nothing. */
export const unknownMediaType = 'application/octet-stream';

/** How many of the first bytes are looked at; file-type asks for these. */
export const sniffedBytes = 4_100;

/**
 * What a file is by its bytes, whatever its name says. What could be shown as a page of the web
 * (HTML, SVG) is text here.
 *
 * @param head the first `sniffedBytes` of the file, or all of it
 */
export async function mediaTypeOf(head: Uint8Array): Promise<string> {
  // It reads what anybody may have made up; what it cannot read it does not know.
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found !== undefined && found.mime !== 'application/xml') {
    return found.mime.length <= fileTransfer.mediaTypeBytesMax ? found.mime : unknownMediaType;
  }
  return isText(head) ? 'text/plain' : unknownMediaType;
}

function isText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) {
    return false;
  }
  try {
    // A character may be cut at the end of what was looked at.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
