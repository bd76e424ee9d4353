import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds a running game server. */
const GAME_SERVER = process.env.GAME_SERVER ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [svelte()],
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 1_200 },
  worker: { format: 'es' },
  server: { proxy: { '/api': GAME_SERVER } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
