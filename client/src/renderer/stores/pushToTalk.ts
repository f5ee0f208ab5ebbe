import { onScopeDispose } from 'vue';
import { useClientStore } from './clientStore.js';
import { isWriting } from './windowKeys.js';

/** Holds the key of push to talk down while it is, as long as the window has the keyboard. */
export function usePushToTalk(): void {
  const client = useClientStore();
  let isDown = false;

  function set(next: boolean): void {
    if (next === isDown) return;
    isDown = next;
    void client.commands.sound.setKey(next);
  }

  const onDown = (event: KeyboardEvent): void => {
    const { settings, audio } = client.state;
    const isIt = event.code === settings.pushToTalkKey && audio.settings.mode === 'pushToTalk';
    if (!isIt || isWriting(event)) return;
    event.preventDefault();
    set(true);
  };
  const onUp = (event: KeyboardEvent): void => {
    if (event.code === client.state.settings.pushToTalkKey) set(false);
  };
  // Whoever goes to another window does not see the key go up.
  const onBlur = (): void => set(false);

  window.addEventListener('keydown', onDown);
  window.addEventListener('keyup', onUp);
  window.addEventListener('blur', onBlur);
  onScopeDispose(() => {
    window.removeEventListener('keydown', onDown);
    window.removeEventListener('keyup', onUp);
    window.removeEventListener('blur', onBlur);
    set(false);
  });
}
