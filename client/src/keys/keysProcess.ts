// The process that sees the keys of all windows: a crash in it touches no sound.
import { serveKeys } from './keysService.js';
import { uiohookSource } from './uiohookSource.js';

serveKeys(uiohookSource);
