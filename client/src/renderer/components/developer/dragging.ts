import { computed, onScopeDispose, ref, type CSSProperties, type ComputedRef } from 'vue';

/** Pixels that stay free around it. */
const marginPx = 8;
const corners = [
  { insetBlockStart: `${marginPx}px`, insetInlineEnd: `${marginPx}px` },
  { insetBlockEnd: `${marginPx}px`, insetInlineEnd: `${marginPx}px` },
  { insetBlockEnd: `${marginPx}px`, insetInlineStart: `${marginPx}px` },
  { insetBlockStart: `${marginPx}px`, insetInlineStart: `${marginPx}px` },
] as const satisfies readonly CSSProperties[];

interface Dragging {
  /** Where it stands, for what has `position: fixed`. */
  readonly place: ComputedRef<CSSProperties>;
  /** To be called where the pointer goes down on what it is dragged by. */
  readonly begin: (event: PointerEvent) => void;
  /** The same without dragging: to one corner after the other. */
  readonly nextCorner: () => void;
}

/** Has something that stands over the window be dragged about, and never out of it. */
export function useDragging(): Dragging {
  const corner = ref(0);
  const at = ref<{ readonly x: number; readonly y: number } | null>(null);
  let stop: (() => void) | null = null;
  onScopeDispose(() => stop?.());

  const place = computed<CSSProperties>(() =>
    at.value === null
      ? corners[corner.value]!
      : { left: `${at.value.x}px`, top: `${at.value.y}px` },
  );

  function begin(event: PointerEvent): void {
    const handle = event.currentTarget as HTMLElement;
    const isButton = event.target instanceof Element && event.target.closest('button') !== null;
    if (event.button !== 0 || isButton) return;
    const box = handle.parentElement!.getBoundingClientRect();
    const [offsetX, offsetY] = [event.clientX - box.left, event.clientY - box.top];
    const move = (moved: PointerEvent): void => {
      at.value = {
        x: within(moved.clientX - offsetX, innerWidth - box.width),
        y: within(moved.clientY - offsetY, innerHeight - box.height),
      };
    };
    stop?.();
    const drag = new AbortController();
    stop = () => drag.abort();
    const { signal } = drag;
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', stop, { signal });
    window.addEventListener('pointercancel', stop, { signal });
  }

  function nextCorner(): void {
    if (at.value === null) corner.value = (corner.value + 1) % corners.length;
    at.value = null;
  }

  return { place, begin, nextCorner };
}

function within(value: number, max: number): number {
  return Math.max(marginPx, Math.min(value, max - marginPx));
}
