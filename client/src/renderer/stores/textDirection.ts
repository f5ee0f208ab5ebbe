import { onScopeDispose, ref, type Ref } from 'vue';

/** Whether the page runs from left to right or from right to left, as its root element says. */
export function useTextDirection(): Readonly<Ref<'ltr' | 'rtl'>> {
  const root = document.documentElement;
  const read = (): 'ltr' | 'rtl' => (root.dir === 'rtl' ? 'rtl' : 'ltr');
  const direction = ref(read());
  const observer = new MutationObserver(() => (direction.value = read()));
  observer.observe(root, { attributeFilter: ['dir'] });
  onScopeDispose(() => observer.disconnect());
  return direction;
}
