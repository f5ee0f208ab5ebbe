import type { Component } from 'vue';

/** A line of a menu (ContextMenu.vue, DropdownMenu.vue). Its label is unique within its menu. */
export type MenuItem =
  | MenuAction
  | MenuCheck
  | MenuSlider
  | MenuHold
  | MenuSubmenu
  | { readonly kind: 'heading'; readonly label: string }
  | { readonly kind: 'separator' };

interface MenuLine {
  readonly label: string;
  readonly icon?: Component;
  /** Shown on the right, as people say it: "Ctrl K". No part of the name, nor listened to. */
  readonly keys?: string;
  readonly isDisabled?: boolean;
}

/** Does something, and closes the menu. */
export interface MenuAction extends MenuLine {
  readonly kind: 'action';
  /** For what takes something away. */
  readonly isDanger?: boolean;
  readonly run: () => void;
}

/** Is on or off. The menu closes when it is changed. */
export interface MenuCheck extends MenuLine {
  readonly kind: 'check';
  readonly isOn: boolean;
  readonly run: () => void;
}

/** A figure that is pulled, or changed by the left and right arrow. The menu stays. */
export interface MenuSlider extends MenuLine {
  readonly kind: 'slider';
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** As it is shown and read out: "120 %". */
  readonly shown: string;
  readonly set: (value: number) => void;
}

/** Goes on for as long as it is held down, by the pointer, Enter or the space bar. */
export interface MenuHold extends MenuLine {
  readonly kind: 'hold';
  readonly start: () => void;
  readonly stop: () => void;
}

export interface MenuSubmenu extends MenuLine {
  readonly kind: 'submenu';
  readonly items: readonly MenuItem[];
}

/**
 * Where in the page a menu is put: what stands outside of an open dialog is out of reach, and
 * outside of the parts of the page readers of screens do not look for anything.
 *
 * @param opener what it was opened from; null while it is closed
 */
export function menuPlaceOf(opener: Element | null): HTMLElement {
  return opener?.closest<HTMLElement>('dialog, nav, main, aside') ?? document.body;
}

/** The groups one below another, a line between; empty ones are left out. */
export function menuOf(...groups: readonly (readonly MenuItem[])[]): readonly MenuItem[] {
  const filled = groups.filter((group) => group.length > 0);
  return filled.flatMap((group, at) =>
    at === 0 ? group : [{ kind: 'separator' } as const, ...group],
  );
}
