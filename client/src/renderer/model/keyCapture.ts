import {
  modifierOf,
  modifiers,
  writeCombination,
  type Modifier,
} from '@rookery/client/keys/keyCombination';

/** What is used of a `KeyboardEvent`. */
export interface KeyStroke {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/**
 * Finds which combination somebody presses to bind it. A modifier is the beginning of one, unless
 * it goes up alone: then it is the key itself.
 */
export class KeyCapture {
  private alone: string | null = null;

  /** @returns the combination that is complete; null: it is not yet */
  down(stroke: KeyStroke): string | null {
    const { code } = stroke;
    if (code === '') return null;
    if (modifierOf(code) !== null) {
      this.alone = code;
      return null;
    }
    return writeCombination({ code, modifiers: heldIn(stroke) });
  }

  /** As down(). */
  up({ code }: KeyStroke): string | null {
    return code === this.alone ? code : null;
  }
}

function heldIn({ ctrlKey, altKey, shiftKey, metaKey }: KeyStroke): Modifier[] {
  const held: Record<Modifier, boolean> = {
    Ctrl: ctrlKey,
    Alt: altKey,
    Shift: shiftKey,
    Meta: metaKey,
  };
  return modifiers.filter((modifier) => held[modifier]);
}
