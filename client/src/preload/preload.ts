// Runs in a window of Electron before its page, and apart from it.
import { contextBridge, ipcRenderer } from 'electron';
import { shellChannels, type EnginePortMessage, type ShellBridge } from './shellBridge.js';

/** Of the window, as far as it is used; the types of Node know none. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, origin: string, ports: readonly unknown[]): void;
};

const bridge: ShellBridge = { askForEngine: () => ipcRenderer.send(shellChannels.askForEngine) };
contextBridge.exposeInMainWorld('rookeryShell', bridge);

function tellPage(message: EnginePortMessage, ports: readonly unknown[]): void {
  window.postMessage(message, window.location.origin, ports);
}

ipcRenderer.on(shellChannels.engine, ({ ports }) => tellPage('rookery:engine', ports));
ipcRenderer.on(shellChannels.engineGone, () => tellPage('rookery:engineGone', []));
