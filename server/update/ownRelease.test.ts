import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownCommand } from './ownRelease.js';

test('a release is called by its name where it is on the path, else by where it stands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-path-'));
  const search = `/nowhere:${folder}`;
  expect(ownCommand(null, search)).toBe('npx rookery');
  expect(ownCommand('/opt/rookery-1.0', search)).toBe('/opt/rookery-1.0/bin/rookery');
  expect(ownCommand("/opt/Wren's own", '')).toBe("'/opt/Wren'\\''s own/bin/rookery'");
  writeFileSync(join(folder, 'rookery'), '');
  chmodSync(join(folder, 'rookery'), 0o755);
  expect(ownCommand('/opt/rookery-1.0', search)).toBe('rookery');
  rmSync(folder, { recursive: true });
});
