import { onScopeDispose, ref, watch } from 'vue';
import { bindingsOf, mouseCodes } from '@rookery/client/keys/keyCombination';
import { KeyMatcher } from '@rookery/client/keys/keyMatcher';
import { useClientStore } from './clientStore.js';
import { useKeysInUse } from './keysInUse.js';
import { isTextField } from './windowKeys.js';

/**
 * Does what keys are bound to while this window has the keyboard. Where the keys of all windows are
 * seen anyway, this one leaves them alone, and says when one writes.
 */
export function useBoundKeys(): void {
  const client = useClientStore();
  const inUse = useKeysInUse();
  const matcher = new KeyMatcher((action, isDown) => {
    void client.commands.shell.keyAction(action, isDown);
  });
  watch(
    () => bindingsOf(inUse.value),
    (bindings) => matcher.bind(bindings),
    { immediate: true },
  );

  function press(event: KeyboardEvent | MouseEvent, code: string | undefined): void {
    if (code === undefined || client.state.keys.phase === 'global') return;
    if (matcher.press(code)) event.preventDefault();
  }
  // A letter in a text is a letter; a key that a window takes for its own is no other's.
  const onKeyDown = (event: KeyboardEvent): void => {
    matcher.isWriting = isTextField(event.target);
    if (!event.defaultPrevented) press(event, event.code);
  };
  const onKeyUp = (event: KeyboardEvent): void => matcher.release(event.code);
  const onButtonDown = (event: MouseEvent): void => press(event, mouseCodes[event.button]);
  const onButtonUp = (event: MouseEvent): void => matcher.release(mouseCodes[event.button] ?? '');
  // Whoever goes to another window does not see the key go up.
  const releaseAll = (): void => matcher.releaseAll();

  const isWriting = ref(false);
  const look = (): void => {
    isWriting.value = document.hasFocus() && isTextField(document.activeElement);
  };
  // An engine that was started again has to be told, too.
  watch([isWriting, () => client.isEngineGone], ([writes, isGone]) => {
    if (!isGone) client.commands.windowKeys.writing(writes).catch(() => undefined);
  });
  look();

  const aborter = new AbortController();
  const { signal } = aborter;
  window.addEventListener('keydown', onKeyDown, { signal });
  window.addEventListener('keyup', onKeyUp, { signal });
  window.addEventListener('mousedown', onButtonDown, { signal });
  window.addEventListener('mouseup', onButtonUp, { signal });
  window.addEventListener('blur', releaseAll, { signal });
  for (const name of ['focusin', 'focusout', 'focus', 'blur'] as const) {
    window.addEventListener(name, look, { signal });
  }
  window.addEventListener('pagehide', releaseAll, { signal });
  onScopeDispose(() => {
    aborter.abort();
    releaseAll();
  });
}
