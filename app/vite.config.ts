import { paraglideVitePlugin } from '@inlang/paraglide-js';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

/** Set by tools/dev.ts: the address of Kilde, and a file that changes whenever the Worker has been built again. */
const { KILDE_DEV_URL: kildeUrl, KILDE_DEV_NOTE: reloadNote } = process.env;

/** Reloads the page when the Worker behind it is another. */
const reloadWithWorker: Plugin = {
  name: 'reload-with-worker',
  configureServer({ watcher, ws }) {
    if (reloadNote === undefined) return;
    watcher.add(reloadNote).on('change', (path) => {
      if (path === reloadNote) ws.send({ type: 'full-reload' });
    });
  },
};

/** tools/build-app.ts runs this for `npm start`, `npm run build` and the tests, tools/dev.ts for `npm run dev`. */
export default defineConfig(({ command }) => ({
  // Where the built app is served is known when it runs: at /app/, or below /_kilde/app/ in front of a site.
  base: command === 'serve' ? '/app/' : './',
  // All but the app itself is Kilde's.
  server: kildeUrl === undefined ? {} : { proxy: { '^/(?!app/)': kildeUrl } },
  plugins: [
    react(),
    reloadWithWorker,
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/paraglide',
      strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
      outputStructure: 'message-modules',
    }),
  ],
  // The Worker puts a new one into each answer.
  html: { cspNonce: '__NONCE__' },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // tools/budget.ts reads which screen needs which files.
    manifest: 'manifest.json',
  },
}));
