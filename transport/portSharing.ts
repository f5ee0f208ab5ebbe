import type { LinuxSocketCalls } from './linuxSocketCalls.js';
import { writePointer } from './linuxSocketCalls.js';
import { linux, sockFilter, sockFprog } from './linuxSocketLayout.js';

/**
 * Divides what comes to a shared port among the first of its sockets, by the first byte of each
 * datagram; what is empty goes to the first. Without this the kernel divides by the peer's address,
 * among all of them.
 *
 * What a socket has received stays with it. Source: SO_ATTACH_REUSEPORT_CBPF in socket(7); a
 * program sees the datagram behind its UDP header.
 *
 * @param fd any of the sockets that share the port
 * @param sockets 1 … 256, in the order in which they were bound
 * @returns false where the kernel refuses: it goes on as before then
 */
export function sharePort(calls: LinuxSocketCalls, fd: number, sockets: number): boolean {
  const program = sockets === 1 ? [returnFirst] : [loadFirstByte, moduloOf(sockets), returnRest];
  const instructions = calls.allocate(program.length * sockFilter.bytes);
  program.forEach(([code, operand], index) => {
    // The code takes the low half of its word; the jumps in the high half are not used.
    instructions.words[(index * sockFilter.bytes + sockFilter.code) >>> 2] = code;
    instructions.words[(index * sockFilter.bytes + sockFilter.operand) >>> 2] = operand;
  });
  const description = calls.allocate(sockFprog.bytes);
  description.words[sockFprog.length >>> 2] = program.length;
  writePointer(description.words, sockFprog.filter, instructions.address);
  const { SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF } = linux;
  const { address } = description;
  return calls.setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, address, sockFprog.bytes) === 0;
}

/** Code and operand of an instruction of the classic packet filter (linux/filter.h). */
type Instruction = readonly [code: number, operand: number];

const { BPF_LD, BPF_ALU, BPF_RET, BPF_K, BPF_A, BPF_B, BPF_ABS, BPF_MOD } = linux;
const returnFirst: Instruction = [BPF_RET | BPF_K, 0];
const loadFirstByte: Instruction = [BPF_LD | BPF_B | BPF_ABS, 0];
const moduloOf = (divisor: number): Instruction => [BPF_ALU | BPF_MOD | BPF_K, divisor];
const returnRest: Instruction = [BPF_RET | BPF_A, 0];
