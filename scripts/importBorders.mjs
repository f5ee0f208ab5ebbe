// Who may import what: the borders between workspaces, and the one place of each driver.

/** Which other workspaces a workspace may import. Nothing imports bench or native-test. */
const allowedWorkspaces = {
  schemas: [],
  transport: ['schemas'],
  plugins: ['schemas'],
  server: ['schemas', 'transport', 'plugins'],
  client: ['schemas', 'transport', 'plugins'],
  bench: ['schemas', 'transport', 'plugins', 'server', 'client'],
  'native-test': ['schemas', 'transport', 'client'],
};

/** Driver package → where it may be imported. Each has one home, and the proof that it works. */
const driverHomes = {
  '@matrixai/quic': ['transport/', 'bench/', 'native-test/'],
  '@extism/extism': ['plugins/'],
  koffi: [
    'transport/linuxSocketCalls',
    'transport/testing/steppedClock',
    'client/src/engine/audio/device/portAudioLibrary',
    'native-test/',
  ],
  lmdb: ['server/store/', 'bench/micro/bareLmdb', 'native-test/'],
  '@ennuicastr/webrtcaec3.js': ['client/src/engine/audio/capture/'],
  '@sapphi-red/web-noise-suppressor': ['client/src/engine/audio/capture/'],
  naudiodon: ['client/src/engine/audio/device/portAudioLibrary'],
  '@evan/opus': ['client/src/engine/audio/', 'native-test/'],
  electron: ['client/src/main/', 'client/src/preload/'],
  '@napi-rs/keyring': ['client/src/host/systemKeychain'],
  'uiohook-napi': ['client/src/keys/'],
};

const pageFolder = 'client/src/renderer/';
const consoleFolder = 'client/src/console/';

/** Folder, or beginning of a path → what no file there may import, and why. */
const closedFolders = [
  {
    folder: 'client/src/engine/',
    imports: [/^(\.\.\/)+(cli|main|preload|renderer|webShell|console)\//],
    reason: 'the engine knows none of its shells',
  },
  {
    folder: pageFolder,
    imports: [/^(\.\.\/)+(engine|host|bridge|webShell)\//, /^node:/],
    reason: 'the page knows the engine by the bridge and by types, as @rookery/client/…',
  },
  {
    folder: consoleFolder,
    imports: [/^(\.\.\/)+(engine|host|bridge|webShell|cli)\//, /^node:/, /^@rookery\/client\//],
    reason: 'the console knows the server by its API alone, and shares pieces of the page',
  },
  {
    folder: pageFolder,
    imports: [/^(\.\.\/)+console\//],
    reason: 'the page knows nothing of the console, which shares its pieces',
  },
  {
    folder: 'server/permission/',
    imports: [/^\.\.\/(?!testing\/)/],
    reason: 'decisions are made from plain data, so they know nothing of the rest of the server',
  },
  {
    folder: 'server/testing/modelPermissions',
    imports: [/permission\//],
    reason: 'an oracle shares nothing with what it is held against',
  },
];

/** Modules that are handed their clock, their randomness and their bytes. */
export const pureModules = [
  'schemas/!(uuid|generateControl).ts',
  'schemas/messages/**/*.ts',
  'server/state/**/*.ts',
  'server/permission/**/*.ts',
  'server/broadcast/!(roomKeys).ts',
  'server/watchdog/stillness.ts',
  'server/relay/{bundle*,packetCheck,relay,replayWindow,route,sessionPaths,tokenBuckets}.ts',
  'client/src/engine/{heldFrames,reconnectDelay,roomKeys,sealingKeys,standing,view,voicePath}.ts',
  'client/src/engine/{whisperKeys,whisperLists}.ts',
  'client/src/cli/{statsTable,whisperTargets}.ts',
  'client/src/engine/audio/{correlate,jitterBuffer,speakerVoice,voiceLevel,tools/chaos}.ts',
  'client/src/engine/audio/{streamResampler,voiceMixer,playback/!(*Thread|*Worker)}.ts',
];

/** The QUIC endpoint: it draws its own secrets, but has neither socket nor clock. */
export const endpointModules = [
  'transport/quic!(Driver|heError).ts',
  'transport/{connection,datagram,packet,path,peer,rate,retry,server,source,stateless,stream}*.ts',
];

const isBelow = (file, homes) => homes.some((home) => file.startsWith(home));

/** Name of the package in an import specifier. */
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Turns `../../server/x.js` imported by `client/src/a.ts` into `server/x.js`. */
function resolveFrom(file, specifier) {
  const parts = file.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/**
 * Says why a file may not import something.
 *
 * @param {string} file Path from the root of the checkout, with forward slashes.
 * @param {string} specifier As written in the import.
 * @returns {string | null} The reason, or null where the import is allowed.
 */
export function refusalOf(file, specifier) {
  const [workspace] = file.split('/');
  const driver = packageOf(specifier);
  if (Object.hasOwn(driverHomes, driver) && !isBelow(file, driverHomes[driver])) {
    return `${driver} is imported only in ${driverHomes[driver].join(', ')}`;
  }
  const closed = closedFolders.find(
    ({ folder, imports }) =>
      file.startsWith(folder) && imports.some((pattern) => pattern.test(specifier)),
  );
  if (closed !== undefined) return closed.reason;
  const relative = specifier.startsWith('.');
  const [target] = relative
    ? resolveFrom(file, specifier).split('/')
    : [specifier.match(/^@rookery\/([^/]+)/)?.[1]];
  if (target === workspace) {
    // The page is compiled apart from the rest of its workspace, of which it sees the output.
    if (relative || file.startsWith(pageFolder)) return null;
    return 'a workspace imports its own files by relative paths';
  }
  if (relative) return `a relative import must stay inside ${workspace}; use @rookery/…`;
  if (target === undefined || allowedWorkspaces[workspace].includes(target)) return null;
  return `${workspace} must not import ${target}`;
}

/** ESLint rule: reports every refused import, be it static, dynamic, of types or re-exporting. */
const importBordersRule = {
  meta: { type: 'problem', schema: [], messages: { refused: "'{{specifier}}': {{reason}}." } },
  create(context) {
    const root = `${context.cwd.replaceAll('\\', '/')}/`;
    const file = context.filename.replaceAll('\\', '/').replace(root, '');
    const check = (source) => {
      if (typeof source?.value !== 'string') return;
      const reason = refusalOf(file, source.value);
      if (reason === null) return;
      const data = { specifier: source.value, reason };
      context.report({ node: source, messageId: 'refused', data });
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      TSImportType: ({ source }) => check(source),
      TSExternalModuleReference: ({ expression }) => check(expression),
      "CallExpression[callee.name='require']": ({ arguments: [first] }) => check(first),
    };
  },
};

/** The plugin as eslint.config.mjs takes it. */
export const importBorders = { rules: { 'import-borders': importBordersRule } };
