// Compiles schemas/control/*.fbs into schemas/generated/ (npm run schemas).
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateControl } from '../schemas/dist/generateControl.js';

const target = fileURLToPath(new URL('../schemas/generated/', import.meta.url));
const files = await generateControl();
rmSync(target, { recursive: true, force: true });
for (const [name, text] of files) {
  mkdirSync(dirname(target + name), { recursive: true });
  writeFileSync(target + name, text);
}
console.log(`${files.size} files written to schemas/generated`);
