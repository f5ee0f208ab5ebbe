import { createHash, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { isAtLeast, type Role } from '@rookery/schemas/roles';
import { sourceKey } from '@rookery/transport/sourceLimits';
import type { BotLimits } from '../botLimits.js';
import type { Admitted } from '../accounts/admission.js';
import type { LoginRefusal } from '../session/connection.js';

/**
 * Which bots are let in: `allow` as everybody is, `operators` with a pass or from this machine,
 * `refuse` none. A program that does not say that it is one comes as a person does.
 */
export const botRules = ['allow', 'operators', 'refuse'] as const;
export type BotRule = (typeof botRules)[number];

export interface BotDoorOptions {
  readonly rule: BotRule;
  readonly limits: BotLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** What an operator gives to bots. */
export interface BotPass {
  /** A secret. */
  readonly pass: string;
  readonly validMs: number;
}

interface KeptPass {
  readonly untilMs: number;
  /** See `sourceKey`; null where the bots have no address of their own. */
  readonly source: string | null;
}

const passBytes = 18;

/**
 * Lets bots in. An operator's pass stands for password and registration, and lifts the limits of
 * the one address that it names, for as long as it is good. Main thread.
 */
export class BotDoor {
  readonly rule: BotRule;
  readonly #limits: BotLimits;
  readonly #nowMs: () => number;
  /** By hash. */
  readonly #passes = new Map<string, KeptPass>();

  constructor({ rule, limits, nowMs }: BotDoorOptions) {
    this.rule = rule;
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /**
   * @param address numeric, from which the bots come; null where its limits are to hold
   * @param validMs at most `passMsMax`
   * @returns null while there are too many passes
   */
  givePass(address: string | null, validMs = this.#limits.passMs): BotPass | null {
    this.#forgetOld();
    if (this.#passes.size >= this.#limits.passesMax) return null;
    const pass = randomBytes(passBytes).toString('base64url');
    const kept = Math.min(validMs, this.#limits.passMsMax);
    const source = address === null ? null : sourceKey(address);
    this.#passes.set(hashOf(pass), { untilMs: this.#nowMs() + kept, source });
    return { pass, validMs: kept };
  }

  /** It lets nobody in any more; those who are in stay. */
  withdrawPass(pass: string): void {
    this.#passes.delete(hashOf(pass));
  }

  /** Whether a pass that is good lifts the limits of a source. */
  isTrusted(source: string): boolean {
    // Asked for each message of everybody: mostly there is no pass at all.
    if (this.#passes.size === 0) return false;
    const nowMs = this.#nowMs();
    for (const kept of this.#passes.values()) {
      if (kept.source === source && kept.untilMs > nowMs) return true;
    }
    return false;
  }

  /**
   * Decides on a login that says that it is a bot's.
   *
   * @param pass '' for none
   * @param host null where the peer is gone
   */
  admit(pass: string, host: string | null): 'asEverybody' | Admitted | LoginRefusal {
    if (this.rule === 'refuse') return refused;
    if (pass !== '') return this.#isGood(pass) ? { proven: null } : badPass;
    if (this.rule === 'allow') return 'asEverybody';
    return host !== null && isLoopback(host) ? { proven: null } : passNeeded;
  }

  #isGood(pass: string): boolean {
    return (this.#passes.get(hashOf(pass))?.untilMs ?? -Infinity) > this.#nowMs();
  }

  #forgetOld(): void {
    const nowMs = this.#nowMs();
    for (const [hash, { untilMs }] of this.#passes) {
      if (untilMs <= nowMs) this.#passes.delete(hash);
    }
  }
}

/** Bots of operators make temporary rooms, as members do; others are whatever everybody is. */
export function roleOfBots(rule: BotRule, everyoneIs: Role): Role {
  return rule === 'operators' && !isAtLeast(everyoneIs, 'member') ? 'member' : everyoneIs;
}

function isLoopback(host: string): boolean {
  return isIPv6(host) ? host === '::1' : host.startsWith('127.');
}

function hashOf(pass: string): string {
  return createHash('sha256').update(pass).digest('base64');
}

function botRefusal(message: string): LoginRefusal {
  return { reason: AuthFailure.BotsRefused, message };
}

const refused = botRefusal('This server lets no bots in (it runs with --bots refuse).');

const passNeeded = botRefusal(
  'This server lets bots in from its own machine, and with a pass of an operator: ' +
    'POST /api/v1/bot-passes makes one, and --pass takes it.',
);

const badPass = botRefusal('The pass for bots is wrong or has run out. Ask for another.');
