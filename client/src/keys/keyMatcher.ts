import {
  isModifierHeld,
  modifierOf,
  parseCombination,
  writeCombination,
  writesText,
  type KeyAction,
  type KeyBinding,
  type KeyCombination,
} from './keyCombination.js';

/**
 * Finds which actions begin and end as keys go down and up. A binding begins with its key, while
 * its modifiers are held, and ends with any of them; of bindings of one key those with the most
 * modifiers hold, and modifiers that no binding asks for do not matter: who runs in a game talks
 * meanwhile. No clock, no input of its own.
 */
export class KeyMatcher {
  /** While somebody writes a text, keys that write begin nothing; what has begun may end. */
  isWriting = false;
  private readonly down = new Set<string>();
  private readonly active = new Map<KeyAction, KeyCombination>();
  private bound: readonly (readonly [KeyAction, KeyCombination])[] = [];

  /** @param onAction called within press(), release(), bind() and releaseAll() */
  constructor(private readonly onAction: (action: KeyAction, isDown: boolean) => void) {}

  /** From now on these hold; actions of before end, unless they hold still. */
  bind(bindings: readonly KeyBinding[]): void {
    const bound = new Map(bindings.map(({ action, key }) => [action, key]));
    for (const [action, combination] of [...this.active]) {
      if (bound.get(action) !== writeCombination(combination)) this.end(action);
    }
    this.bound = [...bound].map(([action, key]) => [action, parseCombination(key)]);
  }

  /** Repetitions of a key that stays down change nothing. @returns whether it is a bound one */
  press(code: string): boolean {
    if (this.down.has(code)) return this.isPartOfActive(code);
    this.down.add(code);
    const fitting = this.bound.filter(([, combination]) => {
      const { code: wanted, modifiers } = combination;
      const isHeld = modifiers.every((name) => isModifierHeld(name, this.down));
      return wanted === code && isHeld && !(this.isWriting && writesText(combination, this.down));
    });
    const count = Math.max(...fitting.map(([, { modifiers }]) => modifiers.length));
    for (const [action, combination] of fitting) {
      if (combination.modifiers.length < count || this.active.has(action)) continue;
      this.active.set(action, combination);
      this.onAction(action, true);
    }
    return fitting.length > 0;
  }

  release(code: string): void {
    this.down.delete(code);
    const modifier = modifierOf(code);
    this.endWhere((combination) => {
      if (combination.code === code) return true;
      if (modifier === null || !combination.modifiers.includes(modifier)) return false;
      return !isModifierHeld(modifier, this.down);
    });
  }

  /** Nobody sees the keys any more: whatever is down counts as up. */
  releaseAll(): void {
    this.down.clear();
    this.endWhere(() => true);
  }

  private isPartOfActive(code: string): boolean {
    return [...this.active.values()].some((combination) => combination.code === code);
  }

  private endWhere(hasEnded: (combination: KeyCombination) => boolean): void {
    for (const [action, combination] of [...this.active]) {
      if (hasEnded(combination)) this.end(action);
    }
  }

  private end(action: KeyAction): void {
    this.active.delete(action);
    this.onAction(action, false);
  }
}
