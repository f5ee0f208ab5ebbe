import { Menu, nativeImage, Tray } from 'electron';
import type { ShellGlance } from './shellMessages.js';
import type { ShellWords } from './shellWords.js';
import { trayMenu, trayTip, type TrayAction } from './trayMenu.js';

/** The mark beside the clock. */
export class ShellTray {
  private readonly tray: Tray;

  /** @param onAction somebody chose a line of its menu; a click on the mark is `show` */
  constructor(
    icon: string,
    private readonly onAction: (action: TrayAction) => void,
  ) {
    this.tray = new Tray(nativeImage.createFromPath(icon).resize({ width: 22, height: 22 }));
    this.tray.on('click', () => onAction('show'));
  }

  show(glance: ShellGlance, words: ShellWords): void {
    const items = trayMenu(glance, words).map((item): Electron.MenuItemConstructorOptions => {
      if (item === null) return { type: 'separator' };
      const { label, action, isOn } = item;
      const click = (): void => this.onAction(action);
      return isOn === undefined
        ? { label, click }
        : { label, click, type: 'checkbox', checked: isOn };
    });
    this.tray.setContextMenu(Menu.buildFromTemplate(items));
    this.tray.setToolTip(trayTip(glance, words));
  }
}
