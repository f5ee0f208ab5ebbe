// Builds the client's window: the same page for Electron and for a local browser.
import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: folder('./src/renderer'),
  // Electron opens the page as a file.
  base: './',
  plugins: [vue()],
  resolve: {
    // A page with a strict policy makes no code at run time.
    alias: { msgpackr: 'msgpackr/index-no-eval' },
  },
  define: { __VUE_OPTIONS_API__: false, __INTLIFY_JIT_COMPILATION__: true },
  build: {
    outDir: folder('./dist/renderer'),
    emptyOutDir: true,
    target: 'es2023',
    // Only Chromium reads it, of which there are the sources.
    sourcemap: false,
    modulePreload: { polyfill: false },
  },
});
