// The import borders of the project, the size rules and the type-aware rules, in one place.
import tseslint from 'typescript-eslint';

const workspaces = ['schemas', 'transport', 'server', 'client', 'bench', 'native-test'];

/** Who may import which workspace. Nothing imports bench or native-test. */
const borders = {
  schemas: [],
  transport: ['schemas'],
  server: ['schemas', 'transport'],
  client: ['schemas', 'transport'],
  bench: ['schemas', 'transport', 'server', 'client'],
  'native-test': ['schemas', 'transport', 'client'],
};

/** Drivers that have one importer each: package → the files that may import it. */
const drivers = {
  '@matrixai/quic': ['transport/**', 'bench/**', 'native-test/**'],
  koffi: ['transport/linuxUdpSocket.ts', 'transport/testing/**', 'native-test/**'],
  lmdb: ['server/store/**', 'native-test/**'],
  naudiodon: ['client/src/engine/audio/portAudioDevice.ts', 'native-test/**'],
  '@evan/opus': ['client/src/engine/audio/**', 'native-test/**'],
  electron: ['client/src/main/**', 'client/src/preload/**'],
};

const forbidden = (names) => names.map((name) => ({ group: [name, `${name}/*`, `${name}/**`] }));

const borderRules = workspaces.map((workspace) => {
  const closed = workspaces
    .filter((other) => other !== workspace && !borders[workspace].includes(other))
    .flatMap((other) => [`@rookery/${other}`, `**/../${other}`]);
  return {
    files: [`${workspace}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [...forbidden(closed), ...forbidden(Object.keys(drivers))] },
      ],
    },
  };
});

const driverRules = Object.entries(drivers)
  .flatMap(([driver, files]) =>
    workspaces.map((workspace) => {
      const own = files.filter((file) => file.startsWith(`${workspace}/`));
      const closed = workspaces
        .filter((other) => other !== workspace && !borders[workspace].includes(other))
        .flatMap((other) => [`@rookery/${other}`, `**/../${other}`]);
      const others = Object.keys(drivers).filter(
        (name) => name !== driver && !drivers[name].some((file) => own.includes(file)),
      );
      return own.length === 0
        ? null
        : {
            files: own.map((file) => (file.endsWith('.ts') ? file : `${file}/*.ts`)),
            rules: {
              'no-restricted-imports': [
                'error',
                { patterns: [...forbidden(closed), ...forbidden(others)] },
              ],
            },
          };
    }),
  )
  .filter((entry) => entry !== null);

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'schemas/generated/**'] },
  {
    files: workspaces.map((workspace) => `${workspace}/**/*.ts`),
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Indexing a typed array inside a bounded loop is the hot path's daily bread.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-console': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      // A describe block is a table of contents, not a function.
      'max-lines-per-function': 'off',
    },
  },
  ...borderRules,
  ...driverRules,
);
