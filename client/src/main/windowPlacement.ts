import { z } from 'zod';

/** Device-independent pixels, as Electron counts them. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a window stood when it was closed last; null: there was none yet. */
export const keptPlacement = z
  .object({
    bounds: z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() }),
    isMaximized: z.boolean(),
  })
  .nullable();

export type KeptPlacement = Readonly<z.infer<typeof keptPlacement>>;

/** How a window is to stand. Without a place it is for the system to choose one. */
export interface Placement {
  readonly size: Pick<Rectangle, 'width' | 'height'>;
  readonly at: Pick<Rectangle, 'x' | 'y'> | null;
  readonly isMaximized: boolean;
}

export const windowSizeMin = { width: 480, height: 400 } as const;
const usualSize = { width: 1280, height: 800 } as const;

/** So much of a window must be on a screen that one can get hold of its title bar. */
const graspWidth = 120;
const titleBarHeight = 32;

/**
 * Where a window goes: where it stood, unless the screen that it stood on is gone. Pure.
 *
 * @param screens work areas of all screens, the first one first
 */
export function placementOf(kept: KeptPlacement, screens: readonly Rectangle[]): Placement {
  const home = screens.find((screen) => kept !== null && canBeGrasped(kept.bounds, screen));
  const room = home ?? screens[0] ?? { x: 0, y: 0, ...usualSize };
  const { width, height } = kept?.bounds ?? usualSize;
  return {
    size: {
      width: clamp(width, windowSizeMin.width, room.width),
      height: clamp(height, windowSizeMin.height, room.height),
    },
    at: home === undefined || kept === null ? null : { x: kept.bounds.x, y: kept.bounds.y },
    isMaximized: kept?.isMaximized ?? false,
  };
}

function canBeGrasped({ x, y, width }: Rectangle, screen: Rectangle): boolean {
  const left = Math.max(x, screen.x);
  const right = Math.min(x + width, screen.x + screen.width);
  const isTitleThere = y >= screen.y && y + titleBarHeight <= screen.y + screen.height;
  return isTitleThere && right - left >= graspWidth;
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}
