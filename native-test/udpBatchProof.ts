import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import koffi from 'koffi';
import { expectEqual, type Finding, type Proof } from './proof.js';

/** koffi: sockets of libc that share a port and take many packets in one system call. */
export const udpBatchProof: Proof = {
  part: 'koffi UDP',
  prove: () =>
    process.platform === 'linux'
      ? proveBatches()
      : { outcome: 'skipped', reason: 'batched system calls are used on Linux only' },
};

/** From the Linux kernel's headers (asm-generic/socket.h, linux/socket.h), x86-64 and arm64. */
const linux = {
  AF_INET: 2,
  SOCK_DGRAM: 2,
  SOL_SOCKET: 1,
  SO_REUSEPORT: 15,
  MSG_DONTWAIT: 0x40,
} as const;

const packets = 32;
const packetBytesMax = 64;
const loopback = '127.0.0.1';
/** Layout of struct sockaddr_in: family u16, port u16 big-endian, address, 8 bytes of padding. */
const addressBytes = 16;

type Libc = ReturnType<typeof openLibc>;

/** The calls that are proved. Every buffer is passed as a pointer to our own memory. */
function openLibc(): {
  socket(family: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Buffer, bytes: number): number;
  bind(fd: number, address: Buffer, bytes: number): number;
  getsockname(fd: number, address: Buffer, bytes: Int32Array): number;
  recvmmsg(fd: number, messages: Buffer, count: number, flags: number, wait: null): number;
  close(fd: number): number;
} {
  const libc = koffi.load('libc.so.6');
  return {
    socket: libc.func('int socket(int, int, int)'),
    setsockopt: libc.func('int setsockopt(int, int, int, void *, uint32_t)'),
    bind: libc.func('int bind(int, void *, uint32_t)'),
    getsockname: libc.func('int getsockname(int, void *, void *)'),
    recvmmsg: libc.func('int recvmmsg(int, void *, unsigned int, int, void *)'),
    close: libc.func('int close(int)'),
  };
}

async function proveBatches(): Promise<Finding> {
  const libc = openLibc();
  const first = openSharedSocket(libc, 0);
  const second = openSharedSocket(libc, first.port);
  const sender = createSocket('udp4');
  try {
    expectEqual('port of the second socket', second.port, first.port);
    await sendPackets(sender, first.port);
    // On loopback a packet that was sent has arrived. All of one sender go to one of the sockets.
    const batches = [first, second].map(({ fd }) => receiveBatch(libc, fd));
    const received = batches.flat();
    expectEqual('packets received', received.length, packets);
    received.forEach((text, index) => expectEqual('packet', text, `packet ${index}`));
    return {
      outcome: 'proved',
      what: `two sockets share one port; recvmmsg takes ${packets} packets from our own layout`,
      figure: `${packets} packets in one call`,
    };
  } finally {
    sender.close();
    libc.close(first.fd);
    libc.close(second.fd);
  }
}

/** Binds a socket with SO_REUSEPORT on loopback; port 0 takes a free one. */
function openSharedSocket(libc: Libc, port: number): { fd: number; port: number } {
  const fd = libc.socket(linux.AF_INET, linux.SOCK_DGRAM, 0);
  const on = Buffer.alloc(4);
  on.writeInt32LE(1);
  const shared = libc.setsockopt(fd, linux.SOL_SOCKET, linux.SO_REUSEPORT, on, on.length);
  expectEqual('setsockopt SO_REUSEPORT', shared, 0);
  const address = Buffer.alloc(addressBytes);
  address.writeUInt16LE(linux.AF_INET, 0);
  address.writeUInt16BE(port, 2);
  Buffer.from(loopback.split('.').map(Number)).copy(address, 4);
  expectEqual('bind', libc.bind(fd, address, address.length), 0);
  expectEqual('getsockname', libc.getsockname(fd, address, Int32Array.of(addressBytes)), 0);
  return { fd, port: address.readUInt16BE(2) };
}

async function sendPackets(sender: Socket, port: number): Promise<void> {
  sender.bind(0, loopback);
  await once(sender, 'listening');
  for (let index = 0; index < packets; index++) {
    await new Promise<void>((resolve, reject) => {
      sender.send(`packet ${index}`, port, loopback, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }
}

/**
 * One recvmmsg, which does not wait, into memory laid out here: an array of struct mmsghdr, each
 * pointing at its struct iovec, which points at its packet.
 *
 *     mmsghdr, 64 bytes   0 name  8 name length  16 iovec  24 iovec count  32 control
 *                         40 control length  48 flags  56 bytes received
 *     iovec, 16 bytes     0 base  8 length
 */
function receiveBatch(libc: Libc, fd: number): string[] {
  const messages = Buffer.alloc(packets * 64);
  const vectors = Buffer.alloc(packets * 16);
  const memory = Buffer.alloc(packets * packetBytesMax);
  const vectorsAt = koffi.address(vectors);
  const memoryAt = koffi.address(memory);
  for (let index = 0; index < packets; index++) {
    vectors.writeBigUInt64LE(memoryAt + BigInt(index * packetBytesMax), index * 16);
    vectors.writeBigUInt64LE(BigInt(packetBytesMax), index * 16 + 8);
    messages.writeBigUInt64LE(vectorsAt + BigInt(index * 16), index * 64 + 16);
    messages.writeBigUInt64LE(1n, index * 64 + 24);
  }
  const count = libc.recvmmsg(fd, messages, packets, linux.MSG_DONTWAIT, null);
  return Array.from({ length: Math.max(0, count) }, (_value, index) => {
    const bytes = messages.readUInt32LE(index * 64 + 56);
    return memory.toString('utf8', index * packetBytesMax, index * packetBytesMax + bytes);
  });
}
