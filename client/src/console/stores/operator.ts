import { defineStore } from 'pinia';
import { computed, markRaw, shallowRef } from 'vue';
import type { Permission } from '@rookery/schemas/permissions';
import type { Me } from '@rookery/schemas/adminApi';
import { ConsoleApi } from '../api/consoleApi.js';

/** Who uses the console, and what the server lets that one do. */
export const useOperator = defineStore('operator', () => {
  // Its private fields are its own: no proxy may stand before it.
  const api = markRaw(new ConsoleApi());
  const me = shallowRef<Me | null>(null);
  /** Until it is known whether the session of before goes on. */
  const isResuming = shallowRef(true);
  api.onLoggedOut = () => {
    me.value = null;
  };

  async function readMe(): Promise<void> {
    me.value = await api.ask<Me>('GET', '/me');
  }

  async function resume(): Promise<void> {
    try {
      if (await api.resume()) await readMe();
    } finally {
      isResuming.value = false;
    }
  }

  /** @throws ApiError */
  async function login(path: '/login' | '/owner', body: object): Promise<void> {
    await api.login(path, body);
    await readMe();
  }

  async function logout(): Promise<void> {
    me.value = null;
    await api.logout();
  }

  const granted = computed(() => new Set(me.value?.permissions));
  const may = (permission: Permission): boolean => granted.value.has(permission);

  return { api, me, isResuming, resume, readMe, login, logout, may };
});
