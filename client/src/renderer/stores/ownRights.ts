import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Uuid } from '@rookery/schemas/messages';
import type { Permission } from '@rookery/schemas/permissions';
import { useClientStore } from './clientStore.js';

/** What the own user may do in one room, as the server explains it. */
export interface OwnRights {
  /** Whether the server has answered. */
  readonly isKnown: ComputedRef<boolean>;
  /** @returns also false while it is not known */
  can(permission: Permission): boolean;
  /** Why something may not be done, for a person; undefined where it may. */
  reasonOf(permission: Permission): string | undefined;
}

/**
 * Asks what the own user may do in a room, and again when the server tells of other rights.
 *
 * @param room null: nothing is asked
 */
export function useOwnRights(room: () => Uuid | null, asked: readonly Permission[]): OwnRights {
  const client = useClientStore();
  const { t } = useI18n();
  const answers = shallowRef<ReadonlyMap<Permission, string | null> | null>(null);

  watch(
    [room, () => client.state.permissions],
    async ([roomId]) => {
      const userId = client.own?.userId;
      if (roomId === null || userId === undefined) return;
      const found = await Promise.all(
        asked.map(async (permission) => {
          const told = await client.commands.access
            .explain(userId, permission, roomId)
            .catch(() => ({ allowed: false, text: '' }));
          return [permission, told.allowed ? null : told.text] as const;
        }),
      );
      // Meanwhile it may be about another room.
      if (room() === roomId) answers.value = new Map(found);
    },
    { immediate: true },
  );

  const isKnown = computed(() => answers.value !== null);
  const can = (permission: Permission): boolean => answers.value?.get(permission) === null;
  return {
    isKnown,
    can,
    reasonOf(permission) {
      if (!isKnown.value) return t('admin.checking');
      if (can(permission)) return undefined;
      const right = t(`permission.${permission}.name`);
      return `${t('admin.lacks', { right })} ${answers.value?.get(permission) ?? ''}`.trim();
    },
  };
}
