import { onScopeDispose, ref, watch, type Ref } from 'vue';
import type { Uuid } from '@rookery/schemas/messages';
import { useFiles, type FileVariantName } from '../../stores/files.js';

/** A picture that is fetched while somebody shows it. */
export interface ShownPicture {
  /** For an <img>; null until it is there. */
  readonly url: Readonly<Ref<string | null>>;
  /** Whether it cannot be shown; to be called when the browser cannot decode it. */
  readonly isBroken: Readonly<Ref<boolean>>;
  readonly onBroken: () => void;
}

/** Fetches a picture, and another one where another is asked for; ends with the scope. */
export function usePicture(uploadId: () => Uuid, variant: FileVariantName): ShownPicture {
  const files = useFiles();
  const url = ref<string | null>(null);
  const isBroken = ref(false);
  let abort = new AbortController();

  function drop(): void {
    abort.abort(new Error('not shown any more'));
    if (url.value !== null) URL.revokeObjectURL(url.value);
    url.value = null;
    isBroken.value = false;
  }

  async function load(id: Uuid): Promise<void> {
    drop();
    const { signal } = (abort = new AbortController());
    try {
      const blob = await files.readPicture(id, variant, signal);
      if (!signal.aborted) url.value = URL.createObjectURL(blob);
    } catch {
      if (!signal.aborted) isBroken.value = true;
    }
  }

  watch(uploadId, load, { immediate: true });
  onScopeDispose(drop);
  return { url, isBroken, onBroken: () => (isBroken.value = true) };
}
