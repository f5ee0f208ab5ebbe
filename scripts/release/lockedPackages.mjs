// Which packages of package-lock.json a server needs on a platform.

/** @typedef {{ os: string, cpu: string, libc: string | null }} Platform */

/**
 * @typedef {object} NeededPackage
 * @property {string} path Where the lock file has it: `node_modules/zod`.
 * @property {string} name
 * @property {string} version
 * @property {string} integrity SRI, as the lock file has it.
 * @property {string[]} needs Paths of the packages, and folders of the workspaces, it needs.
 */

/**
 * Follows what the workspaces need, and what that needs. Optional packages of other platforms are
 * left out, and so are those of a workspace that it runs without. Pure.
 *
 * @param {{ packages: Record<string, object> }} lock package-lock.json
 * @param {string[]} workspaces Folders to begin with; those that they need come in, too.
 * @param {Platform} platform
 * @returns {{ packages: NeededPackage[], workspaces: { folder: string, name: string,
 *   needs: string[] }[] }} sorted by path
 */
export function neededPackages(lock, workspaces, platform) {
  const needs = new Map();
  const waiting = [...workspaces];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (needs.has(path)) continue;
    const found = namesNeededBy(lock.packages[path], isWorkspace(path)).flatMap((name) => {
      const at = resolvePackage(lock, path, name);
      if (at === null || !runsOn(lock.packages[at], platform)) return [];
      // A workspace is a link in the lock file.
      return [lock.packages[at].link === true ? lock.packages[at].resolved : at];
    });
    needs.set(path, found.sort());
    waiting.push(...found);
  }
  const paths = [...needs.keys()].sort();
  return {
    packages: paths
      .filter((path) => !isWorkspace(path))
      .map((path) => {
        const { version, integrity } = lock.packages[path];
        return { path, name: nameOf(path), version, integrity, needs: needs.get(path) };
      }),
    workspaces: paths
      .filter(isWorkspace)
      .map((path) => ({ folder: path, name: lock.packages[path].name, needs: needs.get(path) })),
  };
}

/** Whose machine code no server starts without; each platform has a package of its own. */
const neededParts = ['@lmdb/lmdb', '@matrixai/quic'];

/**
 * Which packages a server would want on a platform, and nobody has published. Pure.
 *
 * @param {{ packages: Record<string, object> }} lock package-lock.json
 * @param {Platform} platform
 * @returns {string[]} names
 */
export function missingParts(lock, { os, cpu }) {
  return neededParts
    .map((name) => `${name}-${os}-${cpu}`)
    .filter((name) => !Object.hasOwn(lock.packages, `node_modules/${name}`));
}

const isWorkspace = (path) => !path.includes('node_modules/');
const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

function namesNeededBy(entry, isOwn) {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = entry;
  const { peerDependenciesMeta = {} } = entry;
  const peers = Object.keys(peerDependencies).filter(
    (name) => peerDependenciesMeta[name]?.optional !== true,
  );
  // What is optional to a workspace of ours is sound hardware, keys and keychains of a desktop.
  const optional = isOwn ? [] : Object.keys(optionalDependencies);
  return [...new Set([...Object.keys(dependencies), ...optional, ...peers])];
}

/** Finds a package as Node does: beside the one that needs it, then in each folder above. */
function resolvePackage(lock, from, name) {
  for (let at = from; ; at = folderAbove(at)) {
    const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (Object.hasOwn(lock.packages, candidate)) return candidate;
    if (at === '') return null;
  }
}

function folderAbove(path) {
  const cut = path.lastIndexOf('/node_modules/');
  return cut === -1 ? '' : path.slice(0, cut);
}

function runsOn({ os, cpu, libc }, platform) {
  return allows(os, platform.os) && allows(cpu, platform.cpu) && allows(libc, platform.libc);
}

/** As package.json has it: a list of what fits, or of what does not, with `!` in front. */
function allows(list, value) {
  if (list === undefined || value === null) return true;
  const refused = list.filter((entry) => entry.startsWith('!')).map((entry) => entry.slice(1));
  if (refused.length > 0) return !refused.includes(value);
  return list.includes(value);
}
