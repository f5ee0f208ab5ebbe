// Writes docs/configuration.md from the schema of the server's options. Needs the built server.
import { configurationPage } from '../server/dist/config/configurationPage.js';
import { GeneratedPage } from './generatedPage.mjs';

export const configuration = new GeneratedPage('docs/configuration.md', import.meta.url, () =>
  configurationPage(),
);

await configuration.writeIfRun();
