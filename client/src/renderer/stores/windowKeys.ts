import { onScopeDispose } from 'vue';
import { useOfKey } from '../model/keyMap.js';
import { useOverlay } from './overlay.js';
import { useWindowStore } from './windowStore.js';

/** The keys that hold everywhere in the window (model/keyMap.ts). */
export function useWindowKeys(): void {
  const view = useWindowStore();
  const overlay = useOverlay();
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || view.dialog !== null) return;
    const use = useOfKey('everywhere', event);
    if (use === 'showKeys' && !isTextField(event.target)) view.dialog = { kind: 'keyMap' };
    else if (use === 'openSettings') view.dialog = { kind: 'settings' };
    else if (use === 'toggleOverlay') overlay.toggle();
    else if (use === 'searchMessages') view.sidePanel = 'search';
    else if (use === 'nextPart') focusPart(1);
    else if (use === 'previousPart') focusPart(-1);
    else return;
    event.preventDefault();
  };
  window.addEventListener('keydown', onKey);
  onScopeDispose(() => window.removeEventListener('keydown', onKey));
}

/** Those in which letters are no text. */
const notText = [
  'button',
  'checkbox',
  'color',
  'file',
  'image',
  'radio',
  'range',
  'reset',
  'submit',
];

/** Whether letters that are typed there are letters. In a list of choices they find one. */
export function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !notText.includes(target.type);
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('textarea, select');
}

/** Goes to the next part of the window (`data-part`), or the one before, and round again. */
function focusPart(step: 1 | -1): void {
  const all = document.querySelectorAll<HTMLElement>('[data-part]');
  // What is folded away takes no focus.
  const parts = [...all].filter((part) => part.checkVisibility());
  if (parts.length === 0) return;
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const from = at < 0 && step < 0 ? 0 : at;
  for (let i = 1; i <= parts.length; i += 1) {
    const part = parts[(from + i * step + 2 * parts.length) % parts.length]!;
    const stop = firstStop(part);
    if (stop === null) continue;
    stop.focus();
    return;
  }
}

/** Where Tab would stop first. */
function firstStop(part: HTMLElement): HTMLElement | null {
  const stops = 'a[href], button, input, select, textarea, [tabindex="0"]';
  const preferred = part.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"], textarea');
  const found = preferred ?? part.querySelector<HTMLElement>(stops);
  return found !== null && !found.matches(':disabled') ? found : null;
}
