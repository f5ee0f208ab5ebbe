import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { expect, it } from 'vitest';
import { SocketWork } from './quicEndpointSockets.js';

it('logs in and delivers every byte to everyone over real sockets', async () => {
  const work = await SocketWork.start(await makeTestCertificate());
  try {
    await work.openAudience(5);
    await work.logIn(3);
    for (const messages of [1, 10]) {
      expect(await work.deliver(200, messages, 3)).toBe(5 * messages * 200 * 3);
    }
    expect(await work.serverCpuSeconds()).toBeGreaterThan(0);
  } finally {
    await work.close();
  }
});
