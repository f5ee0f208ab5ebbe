import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { describe, expect, it } from 'vitest';
import { BindingWork } from './bindingWork.js';
import { EndpointWork } from './endpointWork.js';

describe.each([
  ['endpoint', EndpointWork],
  ['bare binding', BindingWork],
])('QUIC work of the %s', (_name, Work) => {
  it('logs in again and again, and delivers every byte to everyone', async () => {
    const work = new Work(await makeTestCertificate());
    work.logIn(3);
    work.openAudience(5);
    for (const messages of [1, 10]) {
      expect(work.deliver(new Uint8Array(200), messages)).toBe(5 * messages * 200);
    }
    work.logIn(1);
    expect(work.deliver(new Uint8Array(7), 1)).toBe(5 * 7);
  });
});
