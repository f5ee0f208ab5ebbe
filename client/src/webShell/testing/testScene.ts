import { rootRoomId } from '@rookery/schemas/protocol';
import type { Browser } from 'playwright-core';
import { openFileDevice } from '../../engine/audio/device/fileDevice.js';
import { runRookery } from '../../testing/rookeryProcess.js';
import { ScratchFolder } from '../../testing/scratchFolder.js';
import { TestServer } from '../../testing/testServer.js';
import { openTestBrowser } from './testBrowser.js';
import { TestWindow } from './testWindow.js';

/** Somebody who says two words again and again. */
export const recordedVoice = '/usr/share/sounds/alsa/Front_Center.wav';

/** A server, a browser, and whoever comes in. */
export class TestScene {
  private readonly windows: TestWindow[] = [];

  private constructor(
    readonly scratch: ScratchFolder,
    readonly server: TestServer,
    readonly browser: Browser,
  ) {}

  static async open(): Promise<TestScene> {
    const scratch = await ScratchFolder.make();
    const [server, browser] = await Promise.all([
      TestServer.start(scratch.in('server')),
      openTestBrowser(),
    ]);
    return new TestScene(scratch, server, browser);
  }

  /**
   * A client in the lobby, without a window so far: shown.newPage() opens one.
   *
   * @param inPath what its microphone hears, again and again; null: nothing
   * @param address by which it comes
   */
  async enter(
    name: string,
    inPath: string | null = null,
    address = this.server.address,
  ): Promise<TestWindow> {
    const shown = await this.openClient(name, inPath);
    await shown.host.connect({ address, nickname: name });
    await shown.host.engine.joinRoom(rootRoomId);
    return shown;
  }

  /** Makes somebody who is connected the owner of the server: nobody else may moderate admins. */
  async makeOwner({ host }: TestWindow): Promise<void> {
    const data = this.scratch.in('server');
    const { stdout: token } = await runRookery(['owner-token', '--data', data]);
    await host.engine.accounts.redeem(token.trim());
  }

  /** A client that is connected to nothing. */
  async openClient(profile: string, inPath: string | null = null): Promise<TestWindow> {
    const open = () => openFileDevice({ inPath, outPath: null, repeat: 'loop' });
    const shown = await TestWindow.open(this.browser, this.scratch.in(profile), { open });
    this.windows.push(shown);
    return shown;
  }

  async close(): Promise<void> {
    for (const shown of this.windows) await shown.close();
    await this.browser.close();
    await this.server.stop();
    await this.scratch.remove();
  }
}
