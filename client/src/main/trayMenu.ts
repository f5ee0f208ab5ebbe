import type { ShellGlance } from './shellMessages.js';
import type { ShellWords } from './shellWords.js';

export type TrayAction =
  'show' | 'newWindow' | 'toggleMute' | 'toggleDeafen' | 'lookForUpdates' | 'quit';

/** One line of the tray's menu; null is a line between lines. */
export interface TrayItem {
  readonly label: string;
  readonly action: TrayAction;
  /** Of a switch. */
  readonly isOn?: boolean;
}

/** What the menu of the tray shows. Pure. */
export function trayMenu(
  { isMuted, isDeafened }: ShellGlance,
  words: ShellWords,
): readonly (TrayItem | null)[] {
  return [
    { label: words.show, action: 'show' },
    { label: words.newWindow, action: 'newWindow' },
    null,
    // Who hears nobody is muted, too.
    { label: words.mute, action: 'toggleMute', isOn: isMuted || isDeafened },
    { label: words.deafen, action: 'toggleDeafen', isOn: isDeafened },
    null,
    { label: words.updates, action: 'lookForUpdates' },
    { label: words.quit, action: 'quit' },
  ];
}

/** Said where the pointer rests on the mark. */
export function trayTip({ isMuted, isDeafened }: ShellGlance, words: ShellWords): string {
  if (isDeafened) return `Rookery – ${words.deafen}`;
  return isMuted ? `Rookery – ${words.mute}` : 'Rookery';
}
