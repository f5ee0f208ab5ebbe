import { createPinia } from 'pinia';
import { createApp } from 'vue';
import ConsoleApp from './ConsoleApp.vue';
import { i18n } from '../renderer/i18n/index.js';
import { consoleWords as german } from './words/de.js';
import { consoleWords as english } from './words/en.js';
import '../renderer/styles/tokens.css';
import '../renderer/styles/base.css';
import './console.css';

i18n.global.mergeLocaleMessage('en', english);
i18n.global.mergeLocaleMessage('de', german);
const app = createApp(ConsoleApp).use(createPinia()).use(i18n);
app.config.errorHandler = (error) => reportError(error);
app.mount('#app');
