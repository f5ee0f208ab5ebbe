import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { EngineOptions } from '../../engine/engineOptions.js';
import { ClientHost, type ClientHostOptions } from '../../host/clientHost.js';
import { openWebShell, type WebShell } from '../webShell.js';

const pageFolder = fileURLToPath(new URL('../../../renderer', import.meta.url));

/** A client in this process, with windows in a real browser. */
export class TestWindow {
  /** What the page complained of, its own faults among it. */
  readonly complaints: string[] = [];

  private constructor(
    readonly host: ClientHost,
    readonly shell: WebShell,
    private readonly browser: Browser,
  ) {}

  /**
   * @param audio where sound comes from and goes to; none where it is left out
   * @param user a usual one has gone through the first steps, and meets servers without a question
   * @param updates where newer versions are
   */
  static async open(
    browser: Browser,
    profileFolder: string,
    audio?: EngineOptions['audio'],
    user: 'usual' | 'trusting nobody' | 'new' = 'usual',
    updates?: ClientHostOptions['updates'],
  ): Promise<TestWindow> {
    const host = await ClientHost.open({
      profileFolder,
      clientName: 'test/1',
      timeoutMs: 5_000,
      reconnectMs: 60_000,
      newServers: user === 'usual' ? 'remember' : 'ask',
      ...(audio !== undefined && { audio }),
      ...(updates !== undefined && { updates }),
    });
    if (user !== 'new') await host.changeSettings({ isSetUp: true });
    const shell = await openWebShell({ host, pageFolder, port: 0 });
    return new TestWindow(host, shell, browser);
  }

  /** One more window in a browser of its own; English, and dark, where nothing else is said. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    return this.newPageIn(
      await this.browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-US',
        colorScheme: 'dark',
        ...options,
      }),
    );
  }

  /** One more window in a browser that has others: they know of each other. */
  async newPageIn(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    await page.goto(this.shell.newAddress());
    return page;
  }

  /** As somebody does who is there for the first time. */
  async connect(page: Page, address: string, name: string): Promise<void> {
    await page.getByLabel('Address').fill(address);
    await page.getByLabel('Your name there').fill(name);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('tree').waitFor();
  }

  /** Whom the server takes who is connected for. */
  get userId(): string {
    const { connection } = this.host.engine.state;
    if (!('userId' in connection)) throw new Error('not connected');
    return connection.userId;
  }

  async close(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
    await this.shell.close();
    await this.host.close();
  }
}
