import { defineComponent } from 'vue';
import { useTelling } from '../../stores/telling.js';

/** Shows nothing: tells by sounds, notices and the title, as long as it is there. */
export const WindowTelling = defineComponent({
  name: 'WindowTelling',
  setup() {
    useTelling();
    return () => null;
  },
});
