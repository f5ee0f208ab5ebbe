// Builds what Electron runs beside the page (vite.config.mjs): its main process and the preload
// script. The engine is not bundled: its threads start files of their own.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'electron-vite';

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));

/** @param format ESM is Node's; a preload script in a sandbox is CommonJS, and one file */
const bundle = (entry, format, fileName) => ({
  outDir: folder('./dist/shell'),
  emptyOutDir: false,
  sourcemap: false,
  minify: false,
  lib: { entry: folder(entry), formats: [format], fileName: () => fileName },
});

export default defineConfig({
  main: { build: bundle('./src/main/main.ts', 'es', 'main.js') },
  preload: { build: bundle('./src/preload/preload.ts', 'cjs', 'preload.cjs') },
});
