// Writes docs/configuration.md from the schema of the server's options. Needs the built server.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { configurationPage } from '../server/dist/config/configurationPage.js';

const file = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

/** @returns the page as it should be */
export async function expectedPage() {
  return format(configurationPage(), { ...(await resolveConfig(file)), parser: 'markdown' });
}

/** @returns the page as it is */
export function writtenPage() {
  return readFileSync(file, 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(file, await expectedPage());
}
