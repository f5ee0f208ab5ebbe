// The software bill of materials of a release: CycloneDX 1.6, JSON.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Describes what a release is made of: each locked package with the hash that npm verified, and
 * Node. The same release gives the same bytes. Pure but for licences, which are read from packages.
 *
 * @param {object} release
 * @param {string} release.version
 * @param {string} release.platformName
 * @param {string} release.date ISO 8601
 * @param {string} release.nodeVersion Without a `v`.
 * @param {ReturnType<typeof import('./lockedPackages.mjs').neededPackages>} release.needed
 * @param {string} release.modules Folder with the node_modules that were packed.
 * @returns {object}
 */
export function billOfMaterials({ version, platformName, date, nodeVersion, needed, modules }) {
  const references = new Map(
    needed.packages.map(({ path, name, version: own }) => [path, purlOf(name, own)]),
  );
  for (const { folder, name } of needed.workspaces) references.set(folder, purlOf(name, version));
  const own = `pkg:generic/rookery-server@${version}?platform=${platformName}`;
  const node = `pkg:generic/node@${nodeVersion}`;
  const components = [
    { ...component('application', node, 'node', nodeVersion), licenses: licence('MIT') },
    ...needed.workspaces.map(({ folder, name }) => ({
      ...component('library', references.get(folder), name, version),
      licenses: licence('Apache-2.0'),
    })),
    ...needed.packages.map((entry) => ({
      ...component('library', references.get(entry.path), entry.name, entry.version),
      hashes: hashesOf(entry.integrity),
      ...licencesOf(join(modules, entry.path)),
    })),
  ];
  const depends = (ref, needs) => ({
    ref,
    dependsOn: unique(needs.map((to) => references.get(to))),
  });
  const dependencies = [
    {
      ref: own,
      dependsOn: [node, ...needed.workspaces.map(({ folder }) => references.get(folder))],
    },
    ...needed.workspaces.map(({ folder, needs }) => depends(references.get(folder), needs)),
    ...needed.packages.map(({ path, needs }) => depends(references.get(path), needs)),
  ];
  const body = {
    version: 1,
    metadata: {
      timestamp: date,
      tools: { components: [{ type: 'application', name: 'rookery release', version }] },
      component: {
        ...component('application', own, 'rookery-server', version),
        licenses: licence('Apache-2.0'),
      },
    },
    components: oncePerReference(components),
    dependencies: mergedPerReference(dependencies),
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(body))}`,
    ...body,
  };
}

/** Package URL (purl-spec), by which advisories name packages. */
function purlOf(name, version) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

const component = (type, reference, name, version) => ({
  type,
  'bom-ref': reference,
  name,
  version,
  purl: reference,
});

const licence = (id) => [{ license: { id } }];

/** An identifier of SPDX, or an expression of several. */
function licencesOf(folder) {
  const file = join(folder, 'package.json');
  const text = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).license : undefined;
  if (typeof text !== 'string' || text === '') return {};
  if (/\s/.test(text)) return { licenses: [{ expression: text }] };
  return {
    licenses: /^[A-Za-z0-9.+-]+$/.test(text) ? licence(text) : [{ license: { name: text } }],
  };
}

/** SRI holds base64, CycloneDX wants hexadecimal digits. */
function hashesOf(integrity) {
  return integrity.split(' ').flatMap((entry) => {
    const [algorithm, base64] = entry.split(/-(.*)/s);
    const names = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' };
    const content = Buffer.from(base64, 'base64').toString('hex');
    return Object.hasOwn(names, algorithm) ? [{ alg: names[algorithm], content }] : [];
  });
}

const unique = (values) => [...new Set(values)].sort();

/** A package that stands in two places is one component. */
function oncePerReference(components) {
  const known = new Map();
  for (const entry of components)
    if (!known.has(entry['bom-ref'])) known.set(entry['bom-ref'], entry);
  return [...known.values()];
}

function mergedPerReference(dependencies) {
  const known = new Map();
  for (const { ref, dependsOn } of dependencies) {
    known.set(ref, unique([...(known.get(ref) ?? []), ...dependsOn]));
  }
  return [...known].map(([ref, dependsOn]) => ({ ref, dependsOn }));
}

/** A UUID of version 8 (RFC 9562) from what it names. */
function uuidOf(text) {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => hex.slice(from, to))
    .join('-');
}
