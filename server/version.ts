import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Version of this package, as `--version` and the start block show it. */
export const serverVersion = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))).version;
