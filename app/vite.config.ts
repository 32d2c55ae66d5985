import { paraglideVitePlugin } from '@inlang/paraglide-js';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** tools/build-app.ts runs this for `npm start`, `npm run build` and the tests. */
export default defineConfig({
  // Where the app is served is known when it runs: at /app/, or below /_kilde/app/ in front of a site.
  base: './',
  plugins: [
    react(),
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
});
