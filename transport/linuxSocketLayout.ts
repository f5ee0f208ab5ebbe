/**
 * The C structures that the batch system calls read and write, on 64-bit Linux (LP64). Each field
 * stands here once; a test compiles a C program with the system's headers and compares every size
 * and offset. Sources: socket(7), recvmmsg(2), sendmmsg(2), ip(7), ipv6(7).
 */
export const sockaddrIn = { bytes: 16, family: 0, port: 2, address: 4 } as const;
export const sockaddrIn6 = {
  bytes: 28,
  family: 0,
  port: 2,
  flowInfo: 4,
  address: 8,
  scopeId: 24,
} as const;
export const iovec = { bytes: 16, base: 0, length: 8 } as const;
export const msghdr = {
  bytes: 56,
  name: 0,
  nameLength: 8,
  vectors: 16,
  vectorCount: 24,
  control: 32,
  controlLength: 40,
  flags: 48,
} as const;
export const mmsghdr = { bytes: 64, header: 0, length: 56 } as const;
export const pollfd = { bytes: 8, fd: 0, events: 4, returnedEvents: 6 } as const;
export const timeval = { bytes: 16, seconds: 0, microseconds: 8 } as const;
export const timespec = { bytes: 16, seconds: 0, nanoseconds: 8 } as const;
/** One instruction of a packet filter, and a whole one (linux/filter.h). */
export const sockFilter = { bytes: 8, code: 0, operand: 4 } as const;
export const sockFprog = { bytes: 16, length: 0, filter: 8 } as const;

/** Numbers of the kernel's interface that the calls need (asm-generic, x86-64 and arm64 alike). */
export const linux = {
  AF_INET: 2,
  AF_INET6: 10,
  SOCK_DGRAM: 2,
  SOCK_CLOEXEC: 0o2000000,
  SOL_SOCKET: 1,
  SO_SNDBUF: 7,
  SO_RCVBUF: 8,
  SO_REUSEPORT: 15,
  SO_RCVTIMEO: 20,
  SO_SNDBUFFORCE: 32,
  SO_RCVBUFFORCE: 33,
  SO_ATTACH_REUSEPORT_CBPF: 51,
  IPPROTO_IPV6: 41,
  IPV6_V6ONLY: 26,
  MSG_DONTWAIT: 0x40,
  MSG_WAITFORONE: 0x1_0000,
  POLLIN: 1,
  BPF_LD: 0x00,
  BPF_ALU: 0x04,
  BPF_RET: 0x06,
  BPF_K: 0x00,
  BPF_A: 0x10,
  BPF_B: 0x10,
  BPF_ABS: 0x20,
  BPF_MOD: 0x90,
  CLOCK_REALTIME: 0,
  CLOCK_MONOTONIC: 1,
  EFD_CLOEXEC: 0o2000000,
  EFD_NONBLOCK: 0o4000,
  EPERM: 1,
  EINTR: 4,
  EACCES: 13,
  EINVAL: 22,
  EAFNOSUPPORT: 97,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
} as const;
