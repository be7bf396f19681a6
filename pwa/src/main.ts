/** The start of the app: language, theme, router; the local store for devices; the service worker. */
import { Quasar } from 'quasar'
import 'quasar/dist/quasar.css'
import { createApp, watch, type Ref } from 'vue'
import './theme/tokens.css'
import './theme/controls.css'
import { i18n, startLanguage } from './i18n/i18n'
import { startServiceWorker } from './platform/update'
import App from './shell/App.vue'
import { router } from './shell/router'
import { rememberLocale } from './store'
import { startTheme } from './theme/theme'

startTheme()
await startLanguage()
const spoken = i18n.global.locale as unknown as Ref<string>
watch(spoken, (locale) => void rememberLocale(locale), { immediate: true })
createApp(App).use(Quasar, {}).use(i18n).use(router).mount('#app')

// A notification that was tapped opens its entry in the page that is already there.
navigator.serviceWorker?.addEventListener('message', ({ data }: MessageEvent<{ go?: string }>) => {
  if (typeof data?.go === 'string') void router.push(data.go)
})
void startServiceWorker()
