import { computed, ref, watch, type Ref } from 'vue';
import { completionAt, matchingNames, type Nameable } from '../model/composerText.js';
import type { Place } from '../model/place.js';
import { useClientStore } from './clientStore.js';
import { usePeopleNames } from './peopleNames.js';

/** More than these nobody looks through; one writes on instead. */
const namesMax = 8;

/**
 * Offers names while one is written: of people after `@`, those of the place first, and of rooms
 * after `#`.
 *
 * @param caret where one writes, in UTF-16; null while nothing is to be offered
 */
export function useNameCompletion(
  place: () => Place,
  text: Readonly<Ref<string>>,
  caret: Readonly<Ref<number | null>>,
) {
  const client = useClientStore();
  const people = usePeopleNames();
  const chosenAt = ref(0);

  const completion = computed(() =>
    caret.value === null ? null : completionAt(text.value, caret.value),
  );
  const names = computed<readonly Nameable[]>(() => {
    if (completion.value === null) return [];
    const { sign, asked } = completion.value;
    return matchingNames(sign === '@' ? peopleToName() : roomsToName(), asked, namesMax);
  });
  watch(completion, () => {
    chosenAt.value = 0;
  });

  function* peopleToName(): Generator<Nameable> {
    const { placeId } = place();
    const here = new Set<string>();
    for (const { userId, displayName, roomId } of client.state.sessions.values()) {
      if (roomId !== placeId || here.has(userId)) continue;
      here.add(userId);
      yield { id: userId, name: displayName };
    }
    for (const [id, name] of people.names) if (!here.has(id)) yield { id, name };
  }

  function* roomsToName(): Generator<Nameable> {
    for (const { roomId, name } of client.state.rooms.values()) yield { id: roomId, name };
  }

  function move(step: 1 | -1): void {
    const { length } = names.value;
    chosenAt.value = (chosenAt.value + step + length) % length;
  }

  return { completion, names, chosenAt, move };
}
