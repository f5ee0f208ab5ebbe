import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { BindingWork } from '../micro/bindingWork.js';

/** Connections at once while the audience grows. */
const openedAtOnce = 50;

/**
 * The bare binding in memory: as many connections as a room has members, and as many messages of
 * the same size for each.
 */
export class BareDeliveries {
  readonly #work: BindingWork;
  readonly #audience: number;

  private constructor(work: BindingWork, audience: number) {
    this.#work = work;
    this.#audience = audience;
  }

  static async open(audience: number): Promise<BareDeliveries> {
    const work = new BindingWork(await makeTestCertificate());
    for (let left = audience; left > 0; left -= openedAtOnce) {
      work.openAudience(Math.min(openedAtOnce, left));
    }
    return new BareDeliveries(work, audience);
  }

  /**
   * @param together messages of a turn, which share packets
   * @returns deliveries for each CPU-second of the server's side
   */
  perCpuSecond(messageBytes: number, messages: number, together: number): number {
    const message = new Uint8Array(messageBytes);
    const before = this.#work.serverCpu.seconds;
    const turns = Math.ceil(messages / together);
    for (let turn = 0; turn < turns; turn++) this.#work.deliver(message, together);
    return (turns * together * this.#audience) / (this.#work.serverCpu.seconds - before);
  }
}
