import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Where `vite dev` finds the running server. */
const server = process.env.ROSTRUM_DEV_SERVER ?? 'http://localhost:8080';

/** JSX is compiled by Vite itself, as `tsconfig.json` says; nothing is inlined, so a strict CSP holds. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome108', 'edge108', 'firefox115', 'safari16'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // hls.js, which is loaded only on the page that plays HLS.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      '/ws': { target: server, ws: true },
      '/whip': server,
      '/whep': server,
      '/api': server,
      '/hls': server,
    },
  },
});
