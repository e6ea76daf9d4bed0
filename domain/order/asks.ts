import { actorOfUi, isReservedName, NAME_TYPED, TEMPORAL_UI } from './actors.ts';
import type { Life } from './life.ts';
import { cleanText } from './standing.ts';

/** What a person asked of an order, and what came of it: `message` is a sentence for that person. */
export interface Answer {
  readonly ok: boolean;
  readonly message: string;
}

/** Who asks and why; people type these, so nothing about them is taken for granted. */
export interface Request {
  /** Who the timeline says it was; of an ask of the API, a stand-in until its proof has been checked. */
  readonly by: string;
  readonly reason: string;
}

/**
 * What the API asked: `message` as it was sent, with the proof in it. `actor` stands for the one that it names until whoever writes the
 * order down has checked the proof: a workflow cannot, as it holds no key.
 */
export interface Ask {
  readonly actor: string;
  readonly by: string;
  /** The name of the update that it came by. */
  readonly update: string;
  readonly message: unknown;
}

const PROOF = /^\d{13}\.[\w-]{16}\.[\w-]{43}$/;
const STAND_IN = 'proof:';

/** What stands in for the actor of an ask of the API. */
const standInOf = (proof: string): string => `${STAND_IN}${proof}`;

/** An actor as it is shown: one that nobody has checked yet is not taken at its word. */
export const shownActor = (actor: string): string => (actor.startsWith(STAND_IN) ? 'the API, unchecked' : actor);

/** Reads what a person sent; a sentence about what is missing otherwise. */
export function readRequest(life: Life, message: unknown): Request | string {
  const { by, reason, proof } = (message ?? {}) as Record<string, unknown>;
  if (typeof by !== 'string' || by.trim() === '') return 'by is missing: say who you are';
  if (reason !== undefined && typeof reason !== 'string') return 'reason must be text';
  const name = cleanText(by);
  if (name === '') return 'by is missing: say who you are';
  const request = { reason: cleanText(reason ?? '') };
  if (life.isOld) return { ...request, by: name };
  if (isNewProof(life, proof)) return { ...request, by: standInOf(proof) };
  const typed = [...name].slice(0, NAME_TYPED).join('').trim();
  if (isReservedName(typed)) return 'by is the name of something else: say your own name';
  return { ...request, by: actorOfUi(typed) };
}

/** A proof counts once: one that can be read in the history of the order proves nothing any more. */
const isNewProof = (life: Life, proof: unknown): proof is string =>
  typeof proof === 'string' && PROOF.test(proof) && !life.asks.hasSeen(standInOf(proof));

/** Who sent what could not be read. */
export const unreadBy = ({ isOld }: Life): string => (isOld ? 'somebody' : TEMPORAL_UI);

/** What the API asked of an order, until it is known that it was the API. */
export class Asks {
  private readonly seen = new Set<string>();
  /** Not checked yet. */
  readonly open = new Map<string, Ask>();

  hasSeen(actor: string): boolean {
    return this.seen.has(actor);
  }

  /** A message is acted on; from the API, its proof is to be checked with the next write. */
  take({ by: actor }: Request, update: string, message: unknown): void {
    if (!actor.startsWith(STAND_IN) || this.seen.has(actor)) return;
    this.seen.add(actor);
    const { by } = message as { readonly by: string };
    this.open.set(actor, { actor, by: cleanText(by), update, message });
  }
}
