import { defineConfig } from 'vitest/config';

const workspaces = ['schemas', 'transport', 'server', 'client', 'bench', 'native-test'];

// vitest ignores a file of this name unless it is given as the config: see package.json.
// The tests run as compiled by `npm run build`, so that worker threads start the same files that
// ship.
export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: workspaces.map((name) => ({
      test: {
        name,
        root: name,
        include: ['dist/**/*.test.js'],
        pool: 'forks' as const,
        testTimeout: 60_000,
        hookTimeout: 60_000,
      },
    })),
  },
});
