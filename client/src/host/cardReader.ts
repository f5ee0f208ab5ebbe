/** Between two looks at one server. */
const restMs = 30_000;

/** Looks at a time. */
const atOnceMax = 4;

/** Servers of which a look is remembered; more than anybody keeps. */
const rememberedMax = 1_000;

interface Look<Card> {
  readonly atMs: number;
  readonly card: Promise<Card>;
}

/**
 * Looks at servers on behalf of windows, each of which may ask for all of them at any time: a few
 * at once, and at each server twice a minute at most. In between everybody gets what was seen last.
 */
export class CardReader<Card> {
  private readonly looks = new Map<string, Look<Card>>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  /** @param nowMs monotonic */
  constructor(
    private readonly look: (address: string) => Promise<Card>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** @throws as `look`; the same again until it may be asked again */
  read(address: string): Promise<Card> {
    const last = this.looks.get(address);
    if (last !== undefined && this.nowMs() - last.atMs < restMs) return last.card;
    const card = this.inTurn(() => this.look(address));
    // Whoever asked hears of it.
    card.catch(() => undefined);
    this.looks.delete(address);
    if (this.looks.size >= rememberedMax) this.forgetOldest();
    this.looks.set(address, { atMs: this.nowMs(), card });
    return card;
  }

  private async inTurn(work: () => Promise<Card>): Promise<Card> {
    if (this.running >= atOnceMax) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }

  private forgetOldest(): void {
    for (const address of this.looks.keys()) {
      this.looks.delete(address);
      return;
    }
  }
}
