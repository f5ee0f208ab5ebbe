import { nextTick, watch } from 'vue';

/**
 * Leaves the keyboard where it is in a list whose rows change places: Vue moves some of them in
 * the document for that, and a browser takes the keyboard from what is moved. For a component's
 * setup.
 *
 * @param list what the rows stand in; null while it is not drawn
 * @param onGone what had the keyboard has gone; told the rows that there were before
 */
export function useKeptFocus<Row>(
  list: () => Element | null,
  rows: () => readonly Row[],
  onGone: (before: readonly Row[]) => void = () => undefined,
): void {
  // Before they are drawn: afterwards nobody knows who had it.
  watch(rows, (_now, before) => {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || list()?.contains(focused) !== true) return;
    void nextTick(() => {
      if (document.activeElement !== document.body) return;
      if (focused.isConnected) focused.focus({ preventScroll: true });
      else onGone(before);
    });
  });
}
