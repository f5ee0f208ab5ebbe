import { onScopeDispose } from 'vue';
import { useOverlay } from './overlay.js';
import { useWindowStore } from './windowStore.js';

/** The keys that hold everywhere in the window (model/keyMap.ts). */
export function useWindowKeys(): void {
  const view = useWindowStore();
  const overlay = useOverlay();
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || view.dialog !== null) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === '?' && !isCommand && !isWriting(event)) view.dialog = { kind: 'keyMap' };
    else if (event.key === ',' && isCommand) view.dialog = { kind: 'settings' };
    else if (event.key === 'F3') overlay.toggle();
    else if (event.key.toLowerCase() === 'f' && isCommand) view.sidePanel = 'search';
    else if (event.key === 'F6') focusPart(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  };
  window.addEventListener('keydown', onKey);
  onScopeDispose(() => window.removeEventListener('keydown', onKey));
}

/** A letter in a text is a letter. */
export function isWriting({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
}

/** Goes to the next part of the window (`data-part`), or the one before, and round again. */
function focusPart(step: 1 | -1): void {
  const parts = [...document.querySelectorAll<HTMLElement>('[data-part]')];
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
