import { computed, onScopeDispose, ref, watch } from 'vue';
import { useOfKey } from '../model/keyMap.js';
import { useMediaQuery } from './mediaQuery.js';
import { useWindowStore } from './windowStore.js';

/** How a panel stands: beside the text, over it, or not at all. */
export type PanelPlace = 'beside' | 'over' | 'folded';

/**
 * Where the rooms and the right panel stand. Narrow windows fold the right one, then the left; what
 * is folded can be laid over the text. For the main window's setup.
 */
export function useFoldedPanels() {
  const view = useWindowStore();
  const foldsRight = useMediaQuery('(max-width: 960px)');
  const foldsLeft = useMediaQuery('(max-width: 640px)');
  const isLeftOver = ref(false);
  watch([foldsLeft, () => view.shownPlace?.placeId], () => (isLeftOver.value = false));
  watch(
    foldsRight,
    (folds) => {
      view.sidePanel = folds ? null : (view.sidePanel ?? 'members');
    },
    { immediate: true },
  );

  const left = computed<PanelPlace>(() => {
    if (!foldsLeft.value) return 'beside';
    return isLeftOver.value ? 'over' : 'folded';
  });
  const right = computed<PanelPlace>(() => {
    if (view.sidePanel === null) return 'folded';
    return foldsRight.value ? 'over' : 'beside';
  });
  const isOver = computed(() => left.value === 'over' || right.value === 'over');

  function toggleRight(): void {
    view.sidePanel = view.sidePanel === null ? 'members' : null;
  }

  function toggleLeft(): void {
    isLeftOver.value = foldsLeft.value && !isLeftOver.value;
  }

  /** Takes away what lies over the text. */
  function close(): void {
    isLeftOver.value = false;
    if (right.value === 'over') view.sidePanel = null;
  }

  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || view.dialog !== null) return;
    const use = useOfKey('everywhere', event);
    if (use === 'togglePanel') toggleRight();
    else if (use === 'toggleRooms') toggleLeft();
    else if (use === 'close' && isOver.value) close();
    else return;
    event.preventDefault();
  };
  window.addEventListener('keydown', onKey);
  onScopeDispose(() => window.removeEventListener('keydown', onKey));

  return { left, right, isOver, toggleLeft, toggleRight, close };
}
