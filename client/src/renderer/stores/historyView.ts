import { computed, nextTick, onScopeDispose, ref, shallowRef, toRaw, watch, type Ref } from 'vue';
import type { TextMessage, Uuid } from '@rookery/schemas/messages';
import type { TextWindow } from '@rookery/client/engine/textWindow';
import {
  closedSlice,
  grownSlice,
  newestOf,
  rangeOf,
  sliceAround,
  sliceAtEnd,
  sliceRowsMax,
  type HistorySlice,
} from '../model/historySlice.js';

/** How the history of a place is moved; all reject where it cannot be. */
export interface HistoryLoader {
  showNewest(): Promise<unknown>;
  showAround(messageId: Uuid): Promise<unknown>;
  showEarlier(): Promise<unknown>;
  showLater(): Promise<unknown>;
}

type Side = 'earlier' | 'later';

/** What is read, and where it ends: what stands above it may go, as a day that begins there. */
interface HeldRow {
  readonly row: HTMLElement;
  readonly bottomPx: number;
}

/** Rows are added when an edge comes so near, in pixels of the page. */
const edgePx = 1_200;
/** With fewer messages beyond the rows the window itself is moved on. */
const spareMessages = 48;
/** Nearer to the end than this one reads the newest. */
const endPx = 24;
/** How long a message that was jumped to stands out. */
const markedMs = 2_000;

/**
 * Shows a few of the messages of a window at a time, and others as one scrolls, so that what is
 * read stays where it is: all rows have their true height, and what comes above them is made up for
 * by the browser (CSS scroll anchoring) or here. At the end it follows what is added.
 */
export class HistoryView {
  readonly isAtEnd = ref(true);
  readonly markedId = ref<Uuid | null>(null);
  // Messages are replaced and never changed: what is in them needs no watching.
  private readonly all = computed(() =>
    (this.textWindow.value?.messages ?? []).map((message) => toRaw(message)),
  );
  private readonly ids = computed(() => this.all.value.map(({ messageId }) => messageId));
  private readonly slice = shallowRef<HistorySlice | null>(null);
  private readonly range = computed(() =>
    this.slice.value === null ? null : rangeOf(this.ids.value, this.slice.value),
  );
  /** The messages that stand in the page. */
  readonly shown = computed<readonly TextMessage[]>(() => {
    const { value: range } = this.range;
    return range === null ? [] : this.all.value.slice(range.from, range.to);
  });
  /** The message before those; null where it is not known. */
  readonly above = computed(() => this.all.value[(this.range.value?.from ?? 0) - 1] ?? null);
  /** Whether there are newer ones than the window holds. */
  readonly hasLater = computed(() => this.textWindow.value?.hasLater ?? false);
  /** To be brought into the middle as soon as it is there. */
  private wantedId: Uuid | null = null;
  private held: HeldRow | null = null;
  private isLoading = false;
  private isGrowing = false;

  /**
   * To be made in a component's setup, with which it ends.
   *
   * @param scroller what is scrolled; its only child holds the rows, each with `data-message`, in
   *   which an `article` takes the focus
   */
  constructor(
    private readonly textWindow: Readonly<Ref<TextWindow | null>>,
    private readonly scroller: Readonly<Ref<HTMLElement | null>>,
    private readonly loader: HistoryLoader,
  ) {
    watch(this.ids, (now, before) => this.followWindow(now, before ?? []), { immediate: true });
    // What stands above the first row decides whether a day begins with it, and a name.
    const rows = [this.shown, this.above];
    watch(rows, () => this.hold());
    watch([...rows, scroller], () => this.settle(), { flush: 'post', immediate: true });
    const observer = new ResizeObserver(() => {
      if (this.isAtEnd.value) this.toBottom();
    });
    const onScroll = (): void => this.look();
    watch(scroller, (element, _, onCleanup) => {
      if (element === null) return;
      observer.observe(element);
      observer.observe(element.firstElementChild!);
      element.addEventListener('scroll', onScroll, { passive: true });
      onCleanup(() => {
        observer.disconnect();
        element.removeEventListener('scroll', onScroll);
      });
    });
    onScopeDispose(() => observer.disconnect());
  }

  /** Goes to the newest message of all. */
  async toEnd(): Promise<void> {
    this.isAtEnd.value = true;
    if (this.hasLater.value) {
      this.slice.value = null;
      await this.loader.showNewest();
    }
    this.slice.value = sliceAtEnd(this.ids.value);
    await nextTick();
    this.toBottom();
  }

  /** Brings a message into the middle, wherever in the history it is. */
  async toMessage(messageId: Uuid): Promise<void> {
    if (this.bringIntoView(messageId)) return;
    this.wantedId = messageId;
    const found = sliceAround(this.ids.value, messageId);
    if (found !== null) {
      this.slice.value = found;
      return;
    }
    try {
      await this.loader.showAround(messageId);
    } catch (error) {
      this.wantedId = null;
      throw error;
    }
  }

  /** null where it is not in the page. */
  rowOf(messageId: Uuid): HTMLElement | null {
    return this.scroller.value?.querySelector(`[data-message="${messageId}"]`) ?? null;
  }

  private followWindow(now: readonly Uuid[], before: readonly Uuid[]): void {
    const [slice, range] = [this.slice.value, this.range.value];
    if (this.wantedId !== null && now.includes(this.wantedId)) {
      this.slice.value = sliceAround(now, this.wantedId);
    } else if (slice === null || range === null) {
      this.slice.value = sliceAtEnd(now);
    } else if (slice.lastId === null && range.to - range.from > sliceRowsMax) {
      // Whoever reads further up keeps what is there.
      const rangeBefore = rangeOf(before, slice);
      const closed = rangeBefore === null ? null : closedSlice(before, rangeBefore);
      this.slice.value = this.isAtEnd.value ? newestOf(now, range) : closed;
    }
  }

  /** Before the rows change, which they may do more than once until they are drawn. */
  private hold(): void {
    const { value: element } = this.scroller;
    const row = element === null || this.held !== null ? null : firstVisibleRow(element);
    if (row === null) return;
    this.held = { row, bottomPx: row.getBoundingClientRect().bottom };
    void nextTick(() => (this.held = null));
  }

  /** After the rows have changed. */
  private settle(): void {
    this.putBack();
    if (this.wantedId !== null && this.bringIntoView(this.wantedId)) this.wantedId = null;
    else if (this.isAtEnd.value && this.slice.value?.lastId === null) this.toBottom();
    this.look();
  }

  /**
   * Browsers hold on to nothing at the very top, to nothing that goes, and some never to anything.
   * Where they do, all is in its place by now.
   */
  private putBack(): void {
    const [element, held] = [this.scroller.value, this.held];
    if (element === null || held?.row.isConnected !== true) return;
    const movedPx = held.row.getBoundingClientRect().bottom - held.bottomPx;
    if (Math.abs(movedPx) >= 1) element.scrollTop += movedPx;
  }

  private toBottom(): void {
    const { value: element } = this.scroller;
    this.held = null;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }

  private bringIntoView(messageId: Uuid): boolean {
    const row = this.rowOf(messageId);
    if (row === null) return false;
    this.isAtEnd.value = false;
    this.held = null;
    row.scrollIntoView({ block: 'center' });
    row.querySelector('article')?.focus({ preventScroll: true });
    this.markedId.value = messageId;
    setTimeout(() => {
      if (this.markedId.value === messageId) this.markedId.value = null;
    }, markedMs);
    return true;
  }

  /** Sees how near the edges are, and goes on at one of them where it is near. */
  private look(): void {
    const { value: element } = this.scroller;
    if (element === null || this.slice.value === null || element.clientHeight === 0) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    this.isAtEnd.value = this.slice.value.lastId === null && below < endPx;
    if (element.scrollTop < edgePx) this.goOn('earlier');
    if (below < edgePx) this.goOn('later');
  }

  private goOn(side: Side): void {
    const { value: range } = this.range;
    if (range === null || this.isGrowing) return;
    const isEarlier = side === 'earlier';
    const spare = isEarlier ? range.from : this.ids.value.length - range.to;
    const mayOpen = !isEarlier && this.slice.value?.lastId !== null && !this.hasLater.value;
    if (spare > 0 || mayOpen) void this.grow(side);
    const isMore = isEarlier ? this.textWindow.value?.hasEarlier : this.hasLater.value;
    if (spare < spareMessages && isMore === true) void this.load(side);
  }

  /** Rows that come above leave the others where they are on the screen. */
  private async grow(side: Side): Promise<void> {
    const [element, range] = [this.scroller.value, this.range.value];
    if (element === null || range === null) return;
    const openEnd = this.hasLater.value ? 'endIsLeft' : 'openEnd';
    const next = grownSlice(this.ids.value, range, side, openEnd);
    this.isGrowing = true;
    keepFocus(element, next);
    this.slice.value = next;
    // One step in a frame: more of them would hold it up.
    await new Promise(requestAnimationFrame);
    this.isGrowing = false;
    this.look();
  }

  private async load(side: Side): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    try {
      await (side === 'earlier' ? this.loader.showEarlier() : this.loader.showLater());
    } catch {
      // It is tried again when one scrolls on.
      return;
    } finally {
      this.isLoading = false;
    }
    this.look();
  }
}

function firstVisibleRow(scroller: HTMLElement): HTMLElement | null {
  const { top } = scroller.getBoundingClientRect();
  const rows = scroller.querySelectorAll<HTMLElement>('[data-message]');
  return [...rows].find((row) => row.getBoundingClientRect().bottom > top) ?? null;
}

/** Whoever scrolls by keys has the focus in a row, which may go. */
function keepFocus(scroller: HTMLElement, next: HistorySlice | null): void {
  const focused = document.activeElement?.closest<HTMLElement>('[data-message]') ?? null;
  const id = focused?.dataset['message'];
  if (id === undefined || !scroller.contains(focused) || next === null) return;
  const stays = id >= next.firstId && (next.lastId === null || id <= next.lastId);
  if (!stays) scroller.focus({ preventScroll: true });
}
