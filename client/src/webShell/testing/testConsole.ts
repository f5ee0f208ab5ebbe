import type { Browser, Page } from 'playwright-core';

/** How a page of the console is opened. */
export interface ConsoleView {
  readonly colorScheme: 'dark' | 'light';
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly locale?: string;
}

/** The console of a server in a browser, with nobody logged in. */
export class TestConsole {
  private constructor(
    readonly page: Page,
    /** What the page complained of, its own faults among it. */
    readonly complaints: readonly string[],
  ) {}

  static async open(browser: Browser, adminPort: number, view: ConsoleView): Promise<TestConsole> {
    const size = { width: 1280, height: 800 };
    const context = await browser.newContext({ viewport: size, locale: 'en-US', ...view });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      // What the server refuses is logged by the browser itself, and shown by the page.
      const isOurs = !message.text().startsWith('Failed to load resource');
      if (isOurs && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${adminPort}/`);
    return new TestConsole(page, complaints);
  }

  /** In English. */
  async logIn(name: string, password: string): Promise<void> {
    await this.page.getByLabel('Name').fill(name);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
    await this.page.getByRole('heading', { name: 'Overview' }).waitFor();
  }

  /** To the page of that name. */
  async go(name: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await this.page.getByRole('heading', { name, exact: true }).waitFor();
  }

  /** From the menu of a row of a table. */
  async choose(row: string, item: string): Promise<void> {
    await this.page.getByRole('button', { name: `What can be done with ${row}` }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
