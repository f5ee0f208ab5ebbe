import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  MessageChannelMain,
  shell,
  type MessagePortMain,
  type WebContents,
} from 'electron';
import { shellChannels } from '../preload/shellBridge.js';
import { writeAutoStart } from './autoStart.js';
import { startEngineChild } from './engineChild.js';
import { EngineKeeper } from './engineKeeper.js';
import { pageOrigin } from './pageFiles.js';
import { openPageSession } from './pageSession.js';
import { linkAmong } from './shellLinks.js';
import { firstGlance, type ShellGlance } from './shellMessages.js';
import { ShellTray } from './shellTray.js';
import { ShellWindows } from './shellWindows.js';
import { shellWords, type ShellWords } from './shellWords.js';
import type { TrayAction } from './trayMenu.js';
import type { UpdatesState } from '../host/updatesState.js';
import type { ProgramOptions } from './programArguments.js';
import { updateMessage } from './updates.js';

/** The client in Electron: windows and tray around an engine in a process of its own. */
export class ElectronShell {
  private readonly engine: EngineKeeper<MessagePortMain>;
  private readonly windows: ShellWindows;
  private tray: ShellTray | null = null;
  private glance: ShellGlance = firstGlance;
  private hasEnded = false;

  /** Once Electron is ready. */
  constructor(profileFolder: string, options: ProgramOptions) {
    const root = app.getAppPath();
    const entry = join(root, 'dist', 'src', 'main', 'engineProcess.js');
    this.engine = new EngineKeeper({
      start: () => startEngineChild(entry, { ...options, profile: profileFolder }),
      onNews: (news) => {
        if (news.kind === 'glance') this.show(news.glance);
        else void this.tellUpdates(news.updates);
      },
      onGone: () => this.tellWindows(),
      onGaveUp: (message) => {
        dialog.showErrorBox(this.words.cannotStart, message);
        this.hasEnded = true;
        app.quit();
      },
    });
    this.windows = new ShellWindows({
      session: openPageSession(join(root, 'dist', 'renderer')),
      preload: join(root, 'dist', 'shell', 'preload.cjs'),
      icon: this.icon,
      placementFile: join(profileFolder, 'window.json'),
      hidesLast: () => this.tray !== null && this.glance.closesToTray,
      onLink: (text) => this.open(text),
    });
  }

  async start(): Promise<void> {
    ipcMain.on(shellChannels.askForEngine, ({ sender, senderFrame }) => {
      if (senderFrame?.origin === pageOrigin) this.giveEngine(sender);
    });
    this.followApp();
    this.engine.start();
    await this.windows.readPlacement();
    this.tray = new ShellTray(this.icon, (action) => this.act(action));
    this.tray.show(this.glance, this.words);
    this.windows.open();
    const link = linkAmong(process.argv);
    if (link !== null) this.engine.tell({ kind: 'link', text: link });
  }

  private get icon(): string {
    return join(app.getAppPath(), 'packaging', 'icon.png');
  }

  private get words(): ShellWords {
    return shellWords(this.glance.language, app.getLocale());
  }

  private followApp(): void {
    if (app.isPackaged) app.setAsDefaultProtocolClient('rookery');
    app.on('second-instance', (_event, args) => {
      const link = linkAmong(args);
      if (link === null) this.windows.show();
      else this.open(link);
    });
    app.on('open-url', (event, link) => {
      event.preventDefault();
      this.open(link);
    });
    app.on('activate', () => this.windows.show());
    app.on('before-quit', () => this.windows.quit());
    app.on('window-all-closed', () => app.quit());
    app.on('will-quit', (event) => {
      if (this.hasEnded) return;
      event.preventDefault();
      void this.engine.close().then(() => {
        this.hasEnded = true;
        app.quit();
      });
    });
  }

  private giveEngine(window: WebContents): void {
    const { port1, port2 } = new MessageChannelMain();
    if (this.engine.addWindow(port1)) window.postMessage(shellChannels.engine, null, [port2]);
    else window.send(shellChannels.engineGone);
  }

  private tellWindows(): void {
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      webContents.send(shellChannels.engineGone);
    }
  }

  private open(link: string): void {
    this.windows.show();
    this.engine.tell({ kind: 'link', text: link });
  }

  private show(glance: ShellGlance): void {
    const { startsWithSystem } = this.glance;
    this.glance = glance;
    this.tray?.show(glance, this.words);
    if (glance.startsWithSystem !== startsWithSystem) this.setAutoStart(glance.startsWithSystem);
  }

  private act(action: TrayAction): void {
    switch (action) {
      case 'show':
        this.windows.show();
        return;
      case 'newWindow':
        this.windows.open();
        return;
      case 'toggleMute':
      case 'toggleDeafen':
        this.engine.tell({ kind: action });
        return;
      case 'lookForUpdates':
        this.engine.tell({ kind: action });
        return;
      case 'quit':
        app.quit();
    }
  }

  private async tellUpdates(updates: UpdatesState): Promise<void> {
    const { message, page } = updateMessage(updates, this.words);
    const { close, openPage } = this.words;
    const buttons = page === null ? [close] : [close, openPage];
    const { response } = await dialog.showMessageBox({ type: 'info', message, buttons });
    if (response === 1 && page !== null) await shell.openExternal(page);
  }

  /** Electron knows no way on Linux. A checkout that one works on does not start by itself. */
  private setAutoStart(isOn: boolean): void {
    if (!app.isPackaged) return;
    if (process.platform !== 'linux') {
      app.setLoginItemSettings({ openAtLogin: isOn });
      return;
    }
    const program = [process.env['APPIMAGE'] ?? process.execPath];
    // Where it cannot be written nothing starts, as before.
    writeAutoStart(app.getPath('appData'), isOn ? program : null).catch(() => undefined);
  }
}
