import {
  formatPackedAddress,
  makePackedAddress,
  parsePackedAddress,
} from '@rookery/transport/packedAddress';

/** Addresses that begin with the same bits. One address is a range of its own. */
export interface AddressRange {
  /** 16 bytes of IPv6, IPv4 mapped into ::ffff:0:0/96; zeros behind the prefix. */
  readonly bytes: Uint8Array;
  /** 0 … 128. */
  readonly prefixBits: number;
}

const addressBytes = 16;
const addressBits = 128;
/** Of an IPv4 address, in front of its own bits. */
const mappedBits = 96;
/** As many addresses as one customer of a network is given: of IPv6 they are never told apart. */
const customerBits = 64;
/** Wider ranges are whole parts of the internet. */
const prefixBitsMin = { ipv4: 8, ipv6: 16 } as const;

/** @returns null for what is no address, also of a name */
export function parseAddress(host: string): Uint8Array | null {
  const packed = makePackedAddress();
  // A zone says by which interface an address of the link is reached.
  const [address = ''] = host.toLowerCase().split('%');
  if (!parsePackedAddress({ host: address, port: 0 }, packed)) return null;
  return packed.bytes.slice(0, addressBytes);
}

/**
 * Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/48`. Bits behind the prefix do not matter.
 *
 * @returns what is wrong with it, for a person, where it is no range that may be banned
 */
export function parseAddressRange(text: string): AddressRange | string {
  const [host = '', prefix, ...rest] = text.trim().split('/');
  const bytes = parseAddress(host);
  const isNumber = prefix === undefined || /^\d{1,3}$/.test(prefix);
  if (bytes === null || !isNumber || rest.length > 0) {
    return `"${text}" is no address. Write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/48.`;
  }
  const before = isMapped(bytes) && !host.includes(':') ? mappedBits : 0;
  const ownBits = addressBits - before;
  const bits = prefix === undefined ? ownBits : Number(prefix);
  const bitsMin = before === 0 ? prefixBitsMin.ipv6 : prefixBitsMin.ipv4;
  if (bits < bitsMin || bits > ownBits) {
    return `The range "${text}" is too wide, or none. Write /${bitsMin} to /${ownBits}.`;
  }
  return rangeOf(bytes, before + bits);
}

/** What is banned with somebody: the address, of IPv6 all that a customer has. */
export function customerRange(host: string): AddressRange | null {
  const bytes = parseAddress(host);
  if (bytes === null) return null;
  return rangeOf(bytes, isMapped(bytes) ? addressBits : customerBits);
}

/** The range of this length in which an address lies. @param bytes 16 of them */
export function rangeOf(bytes: Uint8Array, prefixBits: number): AddressRange {
  const masked = bytes.map((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixBits - 8 * index));
    return byte & (0xff00 >>> bits);
  });
  return { bytes: masked, prefixBits };
}

/** The same for equal ranges alone. */
export function rangeKey({ bytes, prefixBits }: AddressRange): string {
  return `${Buffer.from(bytes).toString('hex')}/${prefixBits}`;
}

/** @param host numeric; a name is in no range */
export function isInRange(host: string, range: AddressRange): boolean {
  const bytes = parseAddress(host);
  return bytes !== null && rangeKey(rangeOf(bytes, range.prefixBits)) === rangeKey(range);
}

/** As people write it. */
export function formatAddressRange({ bytes, prefixBits }: AddressRange): string {
  const packed = makePackedAddress();
  packed.bytes.set(bytes);
  // Port 0 would be no address.
  packed.bytes[addressBytes] = 1;
  const { host } = formatPackedAddress(packed)!;
  const isIpv4 = isMapped(bytes) && prefixBits >= mappedBits;
  const bits = isIpv4 ? prefixBits - mappedBits : prefixBits;
  const isOne = prefixBits === addressBits;
  const shown = isIpv4 ? host : shortIpv6(host);
  return isOne ? shown : `${shown}/${bits}`;
}

/** The addresses of the machine itself: whoever runs the server can always come from there. */
export function isOwnMachine(bytes: Uint8Array): boolean {
  const mapped = [...new Uint8Array(10), 0xff, 0xff, 127, 0, 0, 1];
  const one = [...new Uint8Array(15), 1];
  return [mapped, one].some((own) => own.every((byte, index) => bytes[index] === byte));
}

function isMapped(bytes: Uint8Array): boolean {
  return (
    bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  );
}

/** Zeros at the end, which ranges have, are left out. */
function shortIpv6(host: string): string {
  return host.replace(/(?::0){2,}$/, '::').replace(/^(?:0:){2,}/, '::');
}
