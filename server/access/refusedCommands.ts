import { FrameType } from '@rookery/schemas/frameType';

const names = new Map(Object.entries(FrameType).map(([name, type]) => [type, name]));

/** How many commands of each type were refused for want of a permission, since the start. */
export class RefusedCommands {
  readonly #counts = new Map<FrameType, number>();

  add(type: FrameType): void {
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
  }

  /** By the name of the type; those of which none was refused are left out. */
  snapshot(): Record<string, number> {
    const named = Array.from(this.#counts, ([type, count]) => [names.get(type), count] as const);
    return Object.fromEntries(named) as Record<string, number>;
  }
}
