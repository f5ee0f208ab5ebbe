import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { generateControl } from './generateControl.js';

/** Of the source tree: this test runs from `dist/`. */
const generatedFolder = fileURLToPath(new URL('../generated/', import.meta.url));

test('the checked-in code is what flatc makes of the schemas', async () => {
  const fresh = await generateControl();
  const names = readdirSync(generatedFolder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts'));
  const advice = 'run "npm run schemas" and commit the result';
  expect(names.toSorted(), advice).toEqual([...fresh.keys()].toSorted());
  for (const [name, text] of fresh) {
    const checkedIn = readFileSync(generatedFolder + name, 'utf8').replaceAll('\r\n', '\n');
    expect(checkedIn === text, `${name} differs: ${advice}`).toBe(true);
  }
});
