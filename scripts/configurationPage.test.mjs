import { expect, test } from 'vitest';
import { expectedPage, writtenPage } from './generateConfigurationPage.mjs';

// When it fails: node scripts/generateConfigurationPage.mjs
test('docs/configuration.md is as the schema has it', async () => {
  expect(writtenPage()).toBe(await expectedPage());
});
