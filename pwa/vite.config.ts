import { quasar, transformAssetUrls } from '@quasar/vite-plugin'
import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'

/** Where `daybook serve` listens while `npm run dev` serves the pages. */
const server = process.env.DAYBOOK_DEV_SERVER ?? 'http://127.0.0.1:8000'
const faces = ['/sync', '/access', '/hq', '/notify', '/pictures', '/attachments', '/health']

export default defineConfig({
  plugins: [
    vue({ template: { transformAssetUrls } }),
    quasar({ autoImportComponentCase: 'pascal' }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      injectRegister: false,
      registerType: 'prompt',
      injectManifest: {
        globPatterns: ['**/*.{js,css,html,svg,png,wasm,webmanifest}'],
        // The CRDT's wasm is 3.6 MB; without it a cold start offline could not write.
        maximumFileSizeToCacheInBytes: 6_000_000
      },
      manifest: {
        id: '/',
        name: 'Daybook',
        short_name: 'Daybook',
        description: 'Dealer management that works where there is no signal',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#ffffff',
        theme_color: '#1f4e79',
        icons: [
          { src: '/icons/daybook.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: '/icons/daybook-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/daybook-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icons/daybook-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' }
        ]
      }
    })
  ],
  worker: { format: 'es' },
  build: { target: 'es2022', manifest: true, chunkSizeWarningLimit: 700 },
  server: {
    proxy: {
      ...Object.fromEntries(
        faces.map((face) => [
          face,
          {
            target: server,
            // A page of the app may live under the same word (/hq): the browser's own navigation gets the app.
            bypass: (request: { headers: { accept?: string }; url?: string }) =>
              request.headers.accept?.includes('text/html') ? '/index.html' : undefined
          }
        ])
      ),
      '/live': { target: server.replace(/^http/, 'ws'), ws: true }
    }
  },
  test: {
    environment: 'node',
    setupFiles: ['tests/support/indexeddb.ts'],
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
    testTimeout: 15_000
  }
})
