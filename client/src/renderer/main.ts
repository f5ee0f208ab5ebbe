import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { i18n } from './i18n/index.js';
import { usePageLog } from './stores/pageLog.js';
import './styles/tokens.css';
import './styles/base.css';

const app = createApp(App).use(createPinia()).use(i18n);
usePageLog().listen();
// Shown in the console, and heard by the log, as any other fault is.
app.config.errorHandler = (error) => reportError(error);
app.mount('#app');
