import { onScopeDispose, ref, type Ref } from 'vue';

/** The theme that the page is in, for what is drawn with its colours. */
export function useTheme(): Readonly<Ref<string>> {
  const root = document.documentElement;
  const theme = ref(root.dataset['theme'] ?? '');
  const observer = new MutationObserver(() => {
    theme.value = root.dataset['theme'] ?? '';
  });
  observer.observe(root, { attributeFilter: ['data-theme'] });
  onScopeDispose(() => observer.disconnect());
  return theme;
}
