import { cleanText } from '../text/storable.ts';
import { actorOfUi, isCustomer, isReservedName, NAME_TYPED, TEMPORAL_UI } from './actors.ts';

/** The answer to a person's request; `message` is a sentence for that person. */
export interface Answer {
  readonly ok: boolean;
  readonly message: string;
}

/** The actor and the reason of a request. People type both, so both are cleaned like any text from outside. */
export interface Request {
  /** The actor in the timeline. For a request of the API it is a stand-in until the proof has been checked. */
  readonly by: string;
  readonly reason: string;
}

/**
 * A request of the API: `message` as it was sent, with the proof in it. `actor` is a stand-in until the activity that writes the
 * order has checked the proof. A workflow holds no key, so it cannot check the proof itself.
 */
export interface Ask {
  readonly actor: string;
  readonly by: string;
  /** The name of the update that carried the request. */
  readonly update: string;
  readonly message: unknown;
}

/** The API requests that an order has taken. */
export interface AskLog {
  /** The history is from before stops ran beside other steps and requests had proofs: the order keeps the old rules. */
  isOld: boolean;
  /** The stand-ins of all used proofs. */
  usedProofs: readonly string[];
  /** Requests whose proofs have not been checked yet. */
  openAsks: readonly Ask[];
}

const PROOF = /^\d{13}\.[\w-]{16}\.[\w-]{43}$/;
const STAND_IN = 'proof:';

/** The stand-in for the actor of a request whose proof has not been checked. */
const standInOf = (proof: string): string => `${STAND_IN}${proof}`;

/** Whether the actor is the customer, or perhaps is: the proof has not been checked. */
export const mayBeCustomer = (actor: string): boolean => isCustomer(actor) || actor.startsWith(STAND_IN);

/** Whether a request says that it is the customer's. The proof is checked later. */
export const saysCustomer = (message: unknown): boolean =>
  isCustomer(String((message as { readonly by?: unknown } | null | undefined)?.by));

/** An actor as people see it. A stand-in shows no name, because its proof has not been checked. */
export const shownActor = (actor: string): string => (actor.startsWith(STAND_IN) ? 'the API, unchecked' : actor);

/** Reads a person's request. Returns a sentence when a field is missing or invalid. */
export function readRequest(log: AskLog, message: unknown): Request | string {
  const { by, reason, proof } = (message ?? {}) as Record<string, unknown>;
  if (typeof by !== 'string' || by.trim() === '') return 'by is missing: say who you are';
  if (reason !== undefined && typeof reason !== 'string') return 'reason must be text';
  const name = cleanText(by);
  if (name === '') return 'by is missing: say who you are';
  const request = { reason: cleanText(reason ?? '') };
  if (log.isOld) return { ...request, by: name };
  if (isNewProof(log, proof)) return { ...request, by: standInOf(proof) };
  const typed = [...name].slice(0, NAME_TYPED).join('').trim();
  if (isReservedName(typed)) return 'by is a reserved name: say your own name';
  return { ...request, by: actorOfUi(typed) };
}

/** A proof counts once: people can read a used proof in the order's history and send it again. */
const isNewProof = ({ usedProofs }: AskLog, proof: unknown): proof is string =>
  typeof proof === 'string' && PROOF.test(proof) && !usedProofs.includes(standInOf(proof));

/** The actor of a message without a valid `by`. */
export const unreadBy = ({ isOld }: AskLog): string => (isOld ? 'somebody' : TEMPORAL_UI);

/** Keeps a request of the API, so that the next write checks its proof. */
export function applyAsk(log: AskLog, { by: actor }: Request, update: string, message: unknown): void {
  if (!actor.startsWith(STAND_IN) || log.usedProofs.includes(actor)) return;
  const { by } = (message ?? {}) as Record<string, unknown>;
  log.usedProofs = [...log.usedProofs, actor];
  log.openAsks = [...log.openAsks, { actor, by: cleanText(String(by)), update, message }];
}
