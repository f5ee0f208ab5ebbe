// The rules of the code in one place: types, borders, shapes. What a linter cannot see is checked
// by scripts/repository.test.mjs.
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import { endpointModules, importBorders, pureModules } from './scripts/importBorders.mjs';

const workspaces = ['schemas', 'transport', 'plugins', 'server', 'client', 'bench', 'native-test'];
const sources = workspaces.map((workspace) => `${workspace}/**/*.ts`);
const tests = ['**/*.test.ts', '**/testing/**/*.ts'];

/** Shared memory has a layout written down once, so it is made in one kind of file. */
const sharedMemoryFiles = ['schemas/sharedTable.ts', 'server/tables/**/*.ts', '**/*Ring*.ts'];

const noModuleState = {
  selector: ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind!="const"]',
  message: 'A module has no mutable state: keep it in an object that its user creates.',
};
const noSharedMemory = {
  selector: 'NewExpression[callee.name="SharedArrayBuffer"]',
  message: 'A SharedArrayBuffer is made by a table or a ring alone.',
};

const shapeRules = {
  'max-len': ['error', { code: 100, ignoreUrls: true }],
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
  'no-restricted-exports': [
    'error',
    { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
  ],
  'no-restricted-syntax': ['error', noModuleState, noSharedMemory],
  'rookery/import-borders': 'error',
  'no-var': 'error',
  eqeqeq: 'error',
};

const typeRules = {
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
};

/** What reaches the world from a module, by import. What is an address is a pure question. */
const worldlyImports = [
  {
    regex: '^(node:)?net$',
    allowImportNames: ['isIP', 'isIPv4', 'isIPv6'],
    message: 'This module does no I/O of its own.',
  },
  {
    regex: '^(node:)?(fs|dgram|tls|http|https|dns|os|timers|perf_hooks)(/|$)',
    message: 'This module does no I/O and has no clock of its own.',
  },
  {
    regex: '^(node:)?(worker_threads|child_process|cluster|process)$',
    message: 'This module knows nothing of threads and processes.',
  },
];
const randomImports = {
  regex: '^(node:)?crypto$',
  message: 'Randomness is handed to this module.',
};

/** Rules for modules without I/O and clock. */
const worldlessRules = (imports) => ({
  'no-restricted-globals': [
    'error',
    ...['Date', 'performance', 'process', 'crypto', 'fetch', 'Worker'],
    ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ],
  'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: imports }],
});

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.rookery/**', 'schemas/generated/**'] },
  { plugins: { rookery: importBorders } },
  {
    files: sources,
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: { ...typeRules, ...shapeRules, 'no-console': 'error' },
  },
  {
    // Words for people are as long as they are.
    files: ['client/src/renderer/i18n/**/*.ts', 'client/src/console/words/*.ts'],
    rules: { 'max-len': ['error', { code: 100, ignoreStrings: true }] },
  },
  {
    // What a component looks like is checked by vue-tsc; prettier alone says how it is laid out.
    files: ['client/src/{renderer,console}/**/*.vue'],
    extends: [...tseslint.configs.strict, ...vue.configs['flat/recommended']],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'max-lines': shapeRules['max-lines'],
      'no-console': 'error',
      'no-undef': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'rookery/import-borders': 'error',
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/require-default-prop': 'off',
    },
  },
  {
    files: ['*.ts', '**/*.mjs'],
    extends: [...tseslint.configs.strict],
    rules: {
      'max-len': shapeRules['max-len'],
      'max-lines': shapeRules['max-lines'],
      'no-var': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: [...sharedMemoryFiles, ...tests],
    rules: { 'no-restricted-syntax': ['error', noModuleState] },
  },
  {
    // A describe block is a table of contents, not a function; a test may keep a fixture between
    // its hooks.
    files: ['**/*.test.ts'],
    rules: { 'max-lines-per-function': 'off', 'no-restricted-syntax': 'off' },
  },
  {
    // Types of a package that brings none are declared the way the package is.
    files: ['**/*.d.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: pureModules,
    ignores: tests,
    rules: worldlessRules([...worldlyImports, randomImports]),
  },
  { files: endpointModules, ignores: tests, rules: worldlessRules(worldlyImports) },
);
