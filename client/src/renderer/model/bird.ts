/** A bird's looks, so that a stranger with a friend's name looks different. */
export interface Bird {
  readonly sky: string;
  readonly plumage: string;
  readonly shade: string;
  readonly body: string;
  readonly wing: string;
  readonly eyeX: number;
  readonly eyeY: number;
  readonly isMirrored: boolean;
}

/** FNV-1a, 32 bit (draft-eastlake-fnv): the same bird for the same user, everywhere. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** Two hues, and a shape of a few. @param userId of the identity; not the name, which is free */
export function birdOf(userId: string): Bird {
  const hash = hashOf(userId);
  const hue = hash % 360;
  const otherHue = (hue + 60 + ((hash >>> 9) % 120)) % 360;
  const lift = (hash >>> 16) % 4;
  const beak = 26 + ((hash >>> 18) % 4);
  const tail = 3 + ((hash >>> 20) % 4);
  const headY = 11 + ((hash >>> 22) % 3);
  return {
    sky: `oklch(38% 0.07 ${hue})`,
    plumage: `oklch(82% 0.12 ${otherHue})`,
    shade: `oklch(62% 0.13 ${otherHue})`,
    body:
      `M${tail} ${18 + lift} L11 15 Q13 8 19 ${headY - 3} Q24 ${headY - 3} 24 ${headY + 1} ` +
      `L${beak} ${headY + 2} L24 ${headY + 3} Q23 22 15 23 Q9 23 ${tail} ${18 + lift}Z`,
    wing: `M10 17 Q16 ${13 - lift} 20 18 Q15 ${22 - lift / 2} 10 17Z`,
    eyeX: 20.5,
    eyeY: headY,
    isMirrored: (hash >>> 25) % 2 === 1,
  };
}
