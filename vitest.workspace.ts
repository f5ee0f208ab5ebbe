import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './scripts/summaryReporter.mjs';

const workspaces = ['schemas', 'transport', 'plugins', 'server', 'client', 'bench', 'native-test'];

/**
 * Workspaces whose test files run one after another in the same two processes: to start one and to
 * load a server into it costs more than most files do. In the others a file may need a process of
 * its own: the simulated tests of the transport take over the clock of the QUIC library, and sound
 * devices are opened once a process.
 */
const sharing: readonly string[] = ['schemas', 'server'];

/** Who counts bytes wants code that nobody else has made general: each has a process of its own. */
const alone = ['dist/**/*llocation.test.js'];

/** With two browsers on two cores, pages and the people in tests wait too long for each other. */
const inBrowser = ['dist/**/*.browser.test.js'];

/** What is tested is loaded by Node as it stands; only the tests themselves pass through Vite. */
const compiled = /\/dist\/(?!.*\.test\.js$)/;

const common = { pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 60_000 };

// vitest ignores a file of this name unless it is given as the config: see scripts/run.mjs.
// The tests of the workspaces run as compiled, so that worker threads start the same files that
// ship.
export default defineConfig({
  test: {
    passWithNoTests: false,
    // Most tests wait for processes and timers: two at a time, also where there is one core.
    maxWorkers: 2,
    reporters: ['default', new SummaryReporter()],
    projects: [
      ...workspaces.map((name) => ({
        test: {
          ...common,
          name,
          root: name,
          include: ['dist/**/*.test.js'],
          exclude: [...(sharing.includes(name) ? alone : []), ...inBrowser],
          isolate: !sharing.includes(name),
          server: { deps: { external: [compiled] } },
        },
      })),
      {
        test: {
          ...common,
          name: 'server-alone',
          root: 'server',
          include: alone,
          server: { deps: { external: [compiled] } },
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          root: 'client',
          include: inBrowser,
          server: { deps: { external: [compiled] } },
          // One file after another, once all else is done.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The client's page is bundled and not compiled: its tests run from the sources.
        test: {
          ...common,
          name: 'page',
          root: 'client/src',
          include: ['{renderer,console}/**/*.test.ts'],
        },
      },
      {
        test: { ...common, name: 'repository', root: 'scripts', include: ['**/*.test.mjs'] },
      },
    ],
  },
});
