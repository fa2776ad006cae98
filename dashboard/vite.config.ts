import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  publicDir: 'src/main/public',
  build: {
    target: 'es2023',
    // Nothing is inlined: the page's content security policy forbids data and scripts in the document.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // For work on the page: `npx vite` beside a gateway that runs.
  server: { proxy: { '/v1': { target: 'http://127.0.0.1:8890', ws: true }, '/health': 'http://127.0.0.1:8890' } },
});
