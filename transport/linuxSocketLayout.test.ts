import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as layout from './linuxSocketLayout.js';

/** How C names each structure and its fields. */
const structures = {
  sockaddrIn: {
    type: 'struct sockaddr_in',
    fields: { family: 'sin_family', port: 'sin_port', address: 'sin_addr' },
  },
  sockaddrIn6: {
    type: 'struct sockaddr_in6',
    fields: {
      family: 'sin6_family',
      port: 'sin6_port',
      flowInfo: 'sin6_flowinfo',
      address: 'sin6_addr',
      scopeId: 'sin6_scope_id',
    },
  },
  iovec: { type: 'struct iovec', fields: { base: 'iov_base', length: 'iov_len' } },
  msghdr: {
    type: 'struct msghdr',
    fields: {
      name: 'msg_name',
      nameLength: 'msg_namelen',
      vectors: 'msg_iov',
      vectorCount: 'msg_iovlen',
      control: 'msg_control',
      controlLength: 'msg_controllen',
      flags: 'msg_flags',
    },
  },
  mmsghdr: { type: 'struct mmsghdr', fields: { header: 'msg_hdr', length: 'msg_len' } },
  pollfd: {
    type: 'struct pollfd',
    fields: { fd: 'fd', events: 'events', returnedEvents: 'revents' },
  },
  timeval: { type: 'struct timeval', fields: { seconds: 'tv_sec', microseconds: 'tv_usec' } },
  sockFilter: { type: 'struct sock_filter', fields: { code: 'code', operand: 'k' } },
  sockFprog: { type: 'struct sock_fprog', fields: { length: 'len', filter: 'filter' } },
  timespec: { type: 'struct timespec', fields: { seconds: 'tv_sec', nanoseconds: 'tv_nsec' } },
} as const;

const headers = [
  'errno.h',
  'linux/filter.h',
  'netinet/in.h',
  'poll.h',
  'stddef.h',
  'stdio.h',
  'sys/eventfd.h',
  'sys/socket.h',
  'sys/time.h',
  'sys/uio.h',
  'time.h',
];

/** A program that prints everything as the JSON of the layout module. */
function program(): string {
  const prints: string[] = [];
  for (const [name, { type, fields }] of Object.entries(structures)) {
    prints.push(`printf("\\"${name}\\":{\\"bytes\\":%zu", sizeof(${type}));`);
    for (const [field, member] of Object.entries(fields)) {
      prints.push(`printf(",\\"${field}\\":%zu", offsetof(${type}, ${member}));`);
    }
    prints.push('printf("},");');
  }
  const constants = Object.keys(layout.linux).map(
    (name, index) => `printf("${index === 0 ? '' : ','}\\"${name}\\":%lld", (long long)${name});`,
  );
  return [
    '#define _GNU_SOURCE',
    ...headers.map((header) => `#include <${header}>`),
    'int main(void) {',
    'printf("{");',
    ...prints,
    'printf("\\"linux\\":{");',
    ...constants,
    'printf("}}");',
    'return 0; }',
  ].join('\n');
}

const isLinux = process.platform === 'linux';
const hasCompiler = isLinux && spawnSync('cc', ['--version']).status === 0;

describe.runIf(isLinux)('structures and numbers of the system calls', () => {
  test('are those of the C compiler', ({ skip }) => {
    skip(!hasCompiler, 'there is no C compiler (cc) to compare with');
    const folder = mkdtempSync(join(tmpdir(), 'rookery-layout-'));
    try {
      const source = join(folder, 'layout.c');
      const binary = join(folder, 'layout');
      writeFileSync(source, program());
      const compiled = spawnSync('cc', ['-o', binary, source], { encoding: 'utf8' });
      expect(compiled.stderr).toBe('');
      const printed = spawnSync(binary, { encoding: 'utf8' });
      expect(JSON.parse(printed.stdout)).toEqual({ ...layout });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
