import { BrowserWindow, screen, shell, type Session, type WebContents } from 'electron';
import { SettingsFile } from '../host/settingsFile.js';
import { pageOrigin } from './pageFiles.js';
import { targetOf } from './shellLinks.js';
import {
  keptPlacement,
  placementOf,
  windowSizeMin,
  type KeptPlacement,
} from './windowPlacement.js';

export interface ShellWindowsOptions {
  readonly session: Session;
  /** File of the built preload script. */
  readonly preload: string;
  readonly icon: string;
  /** Keeps where the last window stood. */
  readonly placementFile: string;
  /** Whether the last window that is closed is only hidden. */
  readonly hidesLast: () => boolean;
  /** A `rookery://` link was followed in a page. */
  readonly onLink: (link: string) => void;
}

/** The windows: each shows the same page, which reaches nothing but the engine. */
export class ShellWindows {
  private readonly file: SettingsFile<KeptPlacement>;
  private placement: KeptPlacement = null;
  private isQuitting = false;

  constructor(private readonly options: ShellWindowsOptions) {
    const { placementFile: path } = options;
    this.file = new SettingsFile({ path, schema: keptPlacement, usual: null });
  }

  async readPlacement(): Promise<void> {
    this.placement = await this.file.read();
  }

  /** One more. */
  open(): void {
    const { session, preload, icon } = this.options;
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    const { size, at, isMaximized } = placementOf(this.placement, screens);
    const window = new BrowserWindow({
      ...size,
      ...at,
      minWidth: windowSizeMin.width,
      minHeight: windowSizeMin.height,
      icon,
      // It comes when there is something on it.
      show: false,
      autoHideMenuBar: true,
      webPreferences: {
        session,
        preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webviewTag: false,
        // Sounds of a window that one does not look at.
        autoplayPolicy: 'no-user-gesture-required',
        backgroundThrottling: true,
      },
    });
    if (isMaximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => this.closing(window, event));
    this.guard(window.webContents);
    void window.loadURL(`${pageOrigin}/`);
  }

  /** Brings one to the front; opens one where there is none. */
  show(): void {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) {
      this.open();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** From now on closing is closing. */
  quit(): void {
    this.isQuitting = true;
  }

  private closing(window: BrowserWindow, event: Electron.Event): void {
    this.placement = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
    // Where it cannot be written the next window stands as usual.
    this.file.write(this.placement).catch(() => undefined);
    const isLast = BrowserWindow.getAllWindows().length === 1;
    if (this.isQuitting || !isLast || !this.options.hidesLast()) return;
    event.preventDefault();
    window.hide();
  }

  /** The page stays where it is; what leads away opens in the browser of the system, or nowhere. */
  private guard(contents: WebContents): void {
    contents.on('will-navigate', (event) => {
      event.preventDefault();
      this.follow(event.url);
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      this.follow(url);
      return { action: 'deny' };
    });
    // A page that died is loaded again: all that it showed is in the engine.
    contents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') contents.reload();
    });
  }

  private follow(link: string): void {
    const target = targetOf(link);
    if (target === 'browser') void shell.openExternal(link);
    else if (target === 'client') this.options.onLink(link);
  }
}
