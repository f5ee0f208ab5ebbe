// Builds the operator's console, which the server serves below /console/.
import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: folder('./src/console'),
  base: '/console/',
  plugins: [vue()],
  resolve: {
    // A page with a strict policy makes no code at run time.
    alias: { msgpackr: 'msgpackr/index-no-eval' },
  },
  define: { __VUE_OPTIONS_API__: false, __INTLIFY_JIT_COMPILATION__: true },
  build: {
    outDir: folder('./dist/console'),
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: false,
    modulePreload: { polyfill: false },
    // The policy of the console lets no data addresses in.
    assetsInlineLimit: 0,
  },
});
