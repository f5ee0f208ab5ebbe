import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { keepPicture } from './keptPicture.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What the page promises: WCAG 2.2 AA, and what is good practice besides. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** As the page hands them back, of which the check reads this much. */
interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/**
 * Holds what the page shows at this moment against the rules of access, and keeps a picture of it.
 *
 * @param within selector of the part that is looked at
 * @throws Error that names each violated rule, and the elements that violate it
 */
export async function expectNoViolations(page: Page, within = 'html'): Promise<void> {
  await keepPicture(page);
  // Through the debugger: the page's own policy lets no foreign script in.
  if (!(await page.evaluate('"axe" in window'))) {
    await page.evaluate(await readFile(axePath, 'utf8'));
  }
  const options = JSON.stringify({ runOnly: { type: 'tag', values: rules } });
  const results = await page.evaluate<AxeResults>(`axe.run('${within}', ${options})`);
  const { violations } = results;
  if (violations.length === 0) return;
  const told = violations.map(({ id, help, nodes }) =>
    [`${id}: ${help}`, ...nodes.map((node) => `  ${node.html}\n    ${node.failureSummary}`)].join(
      '\n',
    ),
  );
  throw new Error(`The page violates rules of access:\n${told.join('\n')}`);
}
