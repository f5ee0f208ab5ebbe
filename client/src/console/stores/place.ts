import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** Pages of the console, in the order in which they stand. */
export const pageIds = [
  ...(['overview', 'people', 'rooms', 'bans', 'files', 'audit'] as const),
  ...(['log', 'settings', 'plugins', 'server', 'stress'] as const),
];
export type PageId = (typeof pageIds)[number];

const base = '/console/';

/** Which page is shown: the one that the address names. */
export const usePlace = defineStore('place', () => {
  const page = shallowRef<PageId>(pageOf(location.pathname));
  addEventListener('popstate', () => {
    page.value = pageOf(location.pathname);
  });

  function go(to: PageId): void {
    if (to === page.value) return;
    history.pushState(null, '', addressOf(to));
    page.value = to;
  }

  return { page, go };
});

export function addressOf(page: PageId): string {
  return page === 'overview' ? base : base + page;
}

function pageOf(path: string): PageId {
  return pageIds.find((page) => addressOf(page) === path) ?? 'overview';
}
