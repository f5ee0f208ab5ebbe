import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Makes a folder with a server of this checkout that says that it is of a version: as a release
 * that was unpacked, but for its packages, which are links to those of the checkout.
 *
 * @param folder is made
 */
export function makeServerTree(folder: string, version: string): void {
  const own = join(folder, 'node_modules', '@rookery');
  mkdirSync(join(own, 'server'), { recursive: true });
  const packages = join(checkout, 'node_modules');
  const link = (name: string): void => {
    if (name !== '@rookery/server') {
      symlinkSync(join(packages, name), join(folder, 'node_modules', name));
    }
  };
  for (const name of readdirSync(packages)) if (name !== '@rookery') link(name);
  for (const name of readdirSync(join(packages, '@rookery'))) link(`@rookery/${name}`);
  cpSync(join(checkout, 'server', 'dist'), join(own, 'server', 'dist'), {
    recursive: true,
    filter: (path) => !/\.(map|d\.ts|test\.js)$/.test(path),
  });
  const about = readFileSync(join(checkout, 'server', 'package.json'), 'utf8');
  const described = { ...(JSON.parse(about) as object), version };
  writeFileSync(join(own, 'server', 'package.json'), JSON.stringify(described));
  const platform = `${process.platform}-${process.arch}`;
  const info = { version, platform, schemaVersion: 1, updateKey: null, updateUrl: null };
  writeFileSync(join(folder, 'release.json'), JSON.stringify(info));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(process.execPath, join(folder, 'bin', 'node'));
  cpSync(join(checkout, 'bin', 'rookery.mjs'), join(folder, 'bin', 'rookery.mjs'));
  const launcher = '#!/bin/sh\nexec bin/node bin/rookery.mjs "$@"\n';
  writeFileSync(join(folder, 'bin', 'rookery'), launcher, { mode: 0o755 });
}
