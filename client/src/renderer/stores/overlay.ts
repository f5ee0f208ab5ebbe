import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Whether the figures stand over the window. */
export const useOverlay = defineStore('overlay', () => {
  const isShown = ref(false);

  function toggle(): void {
    isShown.value = !isShown.value;
  }

  return { isShown, toggle };
});
