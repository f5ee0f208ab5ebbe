import { isIPv6 } from 'node:net';
import { bindError } from './bindError.js';
import type { LinuxSocketCalls, NativeMemory } from './linuxSocketCalls.js';
import { linux } from './linuxSocketLayout.js';
import type { PackedAddress } from './packedAddress.js';
import { formatPackedAddress, makePackedAddress, parsePackedAddress } from './packedAddress.js';
import type { SocketAddressForm } from './socketAddressForm.js';
import { ipv4Form, ipv6Form } from './socketAddressForm.js';
import { TransportError } from './transportError.js';
import type { UdpAddress } from './udpSocket.js';

/** A bound socket of the process: it belongs to no thread, and outlives each that uses it. */
export interface LinuxUdpSocket {
  readonly fd: number;
  /** AF_INET or AF_INET6. */
  readonly family: number;
  readonly localAddress: UdpAddress;
  /** What the kernel granted of the buffers asked for; it doubles what it grants (socket(7)). */
  readonly receiveBufferBytes: number;
  readonly sendBufferBytes: number;
}

export interface LinuxUdpOptions {
  /** Numeric; `::` is dual stack with a fallback to `0.0.0.0`. */
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
  /** Sockets that share the port; the kernel keeps each peer with one of them. */
  readonly sockets: number;
  /** SO_RCVBUF and SO_SNDBUF asked for. */
  readonly bufferBytes: number;
}

/**
 * Binds the sockets: blocking, closed on exec. Who else binds the port is refused, as this is
 * where another has it, although the sockets share it among themselves.
 *
 * @throws TransportError `addressInUse`, `addressNotAvailable`, `permissionDenied` or `internal`
 */
export function openLinuxUdpSockets(
  calls: LinuxSocketCalls,
  options: LinuxUdpOptions,
): LinuxUdpSocket[] {
  const { host } = options;
  if (!isIPv6(host)) return new SocketOpener(calls, ipv4Form, options).openAll();
  try {
    return new SocketOpener(calls, ipv6Form, options).openAll();
  } catch (error) {
    const isWithoutIpv6 =
      host === '::' && error instanceof TransportError && error.code === 'addressNotAvailable';
    if (!isWithoutIpv6) throw error;
    return new SocketOpener(calls, ipv4Form, { ...options, host: '0.0.0.0' }).openAll();
  }
}

/** Names of the error numbers that mean something to who chose the address. */
const systemCodes: ReadonlyMap<number, string> = new Map([
  [linux.EADDRINUSE, 'EADDRINUSE'],
  [linux.EADDRNOTAVAIL, 'EADDRNOTAVAIL'],
  [linux.EAFNOSUPPORT, 'EAFNOSUPPORT'],
  [linux.EINVAL, 'EINVAL'],
  [linux.EACCES, 'EACCES'],
  [linux.EPERM, 'EPERM'],
]);

class SocketOpener {
  readonly #calls: LinuxSocketCalls;
  readonly #form: SocketAddressForm;
  readonly #options: LinuxUdpOptions;
  readonly #packed: PackedAddress = makePackedAddress();
  /** A socket address, and behind it a number for options and lengths. */
  readonly #memory: NativeMemory;
  readonly #numberAddress: number;
  readonly #numberWord: number;

  constructor(calls: LinuxSocketCalls, form: SocketAddressForm, options: LinuxUdpOptions) {
    this.#calls = calls;
    this.#form = form;
    this.#options = options;
    this.#memory = calls.allocate(form.bytes + Int32Array.BYTES_PER_ELEMENT);
    this.#numberAddress = this.#memory.address + form.bytes;
    this.#numberWord = form.bytes >>> 2;
  }

  openAll(): LinuxUdpSocket[] {
    const opened: LinuxUdpSocket[] = [];
    try {
      let { port } = this.#options;
      for (let i = 0; i < this.#options.sockets; i++) {
        const socket = this.#open(port, i === 0);
        opened.push(socket);
        port = socket.localAddress.port;
      }
      return opened;
    } catch (error) {
      for (const { fd } of opened) this.#calls.close(fd);
      throw error;
    }
  }

  #open(port: number, isFirst: boolean): LinuxUdpSocket {
    const type = linux.SOCK_DGRAM | linux.SOCK_CLOEXEC;
    const fd = this.#calls.socket(this.#form.family, type, 0);
    if (fd < 0) throw this.#fault(port);
    try {
      if (this.#form === ipv6Form) this.#set(fd, linux.IPPROTO_IPV6, linux.IPV6_V6ONLY, 0);
      // The first binds alone, so that a port of somebody else is refused and not shared with.
      if (!isFirst) this.#set(fd, linux.SOL_SOCKET, linux.SO_REUSEPORT, 1);
      this.#bind(fd, port);
      const isShared = isFirst && this.#options.sockets > 1;
      if (isShared) this.#set(fd, linux.SOL_SOCKET, linux.SO_REUSEPORT, 1);
      return {
        fd,
        family: this.#form.family,
        localAddress: this.#localAddress(fd, port),
        receiveBufferBytes: this.#askForBuffer(fd, linux.SO_RCVBUF, linux.SO_RCVBUFFORCE),
        sendBufferBytes: this.#askForBuffer(fd, linux.SO_SNDBUF, linux.SO_SNDBUFFORCE),
      };
    } catch (error) {
      this.#calls.close(fd);
      throw error;
    }
  }

  #bind(fd: number, port: number): void {
    if (!parsePackedAddress({ host: this.#options.host, port }, this.#packed)) {
      throw new TransportError('unresolvableHost', `${this.#options.host} is no numeric address`);
    }
    this.#form.write(this.#memory.words, 0, this.#packed.words, 0);
    const { address } = this.#memory;
    if (this.#calls.bind(fd, address, this.#form.bytes) < 0) throw this.#fault(port);
  }

  #localAddress(fd: number, port: number): UdpAddress {
    this.#memory.words[this.#numberWord] = this.#form.bytes;
    const { address, words } = this.#memory;
    if (this.#calls.getsockname(fd, address, this.#numberAddress) < 0) throw this.#fault(port);
    this.#form.read(words, 0, this.#packed.words);
    return { host: this.#options.host, port: formatPackedAddress(this.#packed)!.port };
  }

  /** Beyond the system's own bound where this process may. @returns bytes granted */
  #askForBuffer(fd: number, name: number, nameOfForce: number): number {
    const { bufferBytes } = this.#options;
    if (this.#trySet(fd, linux.SOL_SOCKET, nameOfForce, bufferBytes) < 0) {
      this.#set(fd, linux.SOL_SOCKET, name, bufferBytes);
    }
    const { words } = this.#memory;
    const length = this.#memory.address;
    words[0] = Int32Array.BYTES_PER_ELEMENT;
    this.#calls.getsockopt(fd, linux.SOL_SOCKET, name, this.#numberAddress, length);
    return words[this.#numberWord]!;
  }

  #set(fd: number, level: number, name: number, value: number): void {
    if (this.#trySet(fd, level, name, value) < 0) throw this.#fault(this.#options.port);
  }

  #trySet(fd: number, level: number, name: number, value: number): number {
    this.#memory.words[this.#numberWord] = value;
    const bytes = Int32Array.BYTES_PER_ELEMENT;
    return this.#calls.setsockopt(fd, level, name, this.#numberAddress, bytes);
  }

  #fault(port: number): TransportError {
    const number = this.#calls.errno();
    const code = systemCodes.get(number);
    const cause = Object.assign(new Error(`error ${number} of the system`), { code });
    return bindError(cause, this.#options.host, port);
  }
}
