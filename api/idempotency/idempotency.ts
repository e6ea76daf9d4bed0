import { open, seal } from '../../db/account/secrets.ts';
import type { Tx } from '../../db/client.ts';
import { withTimeout } from '../../db/client.ts';
import { isDatabaseTrouble } from '../../db/errors.ts';
import {
  type AnswerSlot,
  bindSlot,
  fillSlot,
  freeSlot,
  readSlot,
  type StoredAnswer,
  takeSlot,
} from '../../db/placement/stored-answers.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { audit, isOfStaff } from '../account/audit.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { routeOf } from '../http/route-of.ts';
import { QUERY_MS } from '../http/timeouts.ts';
import { changing } from '../limits/transactions.ts';
import { fingerprintKey, keyedFingerprintOf, keyedFingerprintOfList } from './fingerprint.ts';

const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * The request's Idempotency-Key, written plainly, or in quotes as in its draft standard.
 * @throws Refusal `idempotency_key_missing` or `idempotency_key_invalid`.
 */
export function idempotencyKey(header: string | undefined): string {
  const text = header?.trim() ?? '';
  if (text === '') throw new Refusal('idempotency_key_missing');
  // A header that is too long is refused below; the pattern never runs over it.
  const readable = text.length <= LIMITS.idempotencyKey ? text : '';
  const [, quoted] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(readable) ?? [];
  const key = quoted === undefined ? text : quoted.replaceAll(/\\(["\\])/g, '$1');
  if (key.length < 1 || text.length > LIMITS.idempotencyKey || !PRINTABLE.test(key)) {
    throw new Refusal('idempotency_key_invalid', `use 1 to ${LIMITS.idempotencyKey} printable ASCII characters`);
  }
  return key;
}

/** Marks the answer as a stored one. */
export const markReplayed = (c: ApiContext): void => c.header('Idempotent-Replayed', 'true');

/**
 * Runs an act that is safe to repeat and fits in no transaction; the Idempotency-Key is optional. The key is bound to the request
 * before the act. A repeat gets the stored answer. A repeat at the same time, or after a crash, runs the act again with the same
 * `id`, so that a workflow takes both for one request. An act that is refused stores nothing, not even the key, so a repeat of a
 * refused request is judged anew. An answer that is not whole, because a part of it is unknown, is stored too: a repeat gives it to
 * the act as `before`, which completes it.
 * @throws Refusal `idempotency_key_reused` for another request.
 */
export async function repeatable<T>(
  c: ApiContext,
  deps: Deps,
  request: unknown,
  act: (id: string | undefined, before: T | undefined) => Promise<T>,
  isWhole: (answer: T) => boolean = () => true,
): Promise<T> {
  const header = c.req.header('idempotency-key');
  if (header === undefined) return act(undefined, undefined);
  const { sql, log } = deps;
  const slot = slotOf(c, header);
  const key = await withTimeout(QUERY_MS, fingerprintKey(deps));
  const fingerprint = keyedFingerprintOf(key, slot.route, request);
  const bound = await withTimeout(QUERY_MS, bindSlot(sql, slot, fingerprint));
  if (bound.fingerprint !== fingerprint) throw new Refusal('idempotency_key_reused');
  const before = bound.answer?.body as T | undefined;
  if (before !== undefined && isWhole(before)) {
    markReplayed(c);
    return before;
  }
  const logged = (what: string) => (error: unknown) => log.warn({ err: error, requestId: c.get('requestId') }, what);
  let answer: T;
  try {
    answer = await act(keyedFingerprintOf(key, slot.route, { ...slot, request }), before);
  } catch (error) {
    if (isRefused(error)) {
      const free = freeSlot(sql, slot, fingerprint);
      await withTimeout(QUERY_MS, free).catch(logged('failed to free the Idempotency-Key of a refused request'));
    }
    throw error;
  }
  const keep = fillSlot(sql, slot, fingerprint, 202, { body: answer });
  // The act itself succeeded. A repeat runs it again, which is safe.
  await withTimeout(QUERY_MS, keep).catch(logged('failed to store an answer for its Idempotency-Key'));
  return answer;
}

/** Whether an act was refused, and not merely without an outcome that is known. */
const isRefused = (error: unknown): boolean =>
  error instanceof Refusal && error.code !== 'outcome_unknown' && error.code !== 'unavailable';

/**
 * Binds the request's Idempotency-Key to a list, and returns the key. The lines of the list have keys of their own.
 * @throws Refusal `idempotency_key_reused` for another request.
 */
export async function boundKey(c: ApiContext, deps: Deps, list: readonly unknown[]): Promise<string> {
  const slot = slotOf(c, c.req.header('idempotency-key'));
  const key = await withTimeout(QUERY_MS, fingerprintKey(deps));
  const fingerprint = await keyedFingerprintOfList(key, slot.route, list);
  const bind = async (tx: Tx) => {
    if (await takeSlot(tx, slot, fingerprint))
      return void (await fillSlot(tx, slot, fingerprint, 200, { body: 'see its parts' }));
    const stored = await readSlot(tx, slot);
    if (stored?.fingerprint !== fingerprint) throw new Refusal('idempotency_key_reused');
    markReplayed(c);
  };
  await changing(deps, c, bind, QUERY_MS);
  return slot.idempotencyKey;
}

const slotOf = (c: ApiContext, header: string | undefined): AnswerSlot => ({
  accountId: c.get('caller').accountId,
  route: routeOf(c) ?? '',
  idempotencyKey: idempotencyKey(header),
});

interface Once<T> {
  /** The whole request, path parameters included: a repeat must be equal. */
  readonly request: unknown;
  /** The answer holds a secret, so it is stored encrypted. */
  readonly secret?: boolean;
  /** Checks what needs another server, before the transaction. A repeat gets the stored answer without it. */
  readonly check?: () => Promise<void>;
  /** Makes the change in this transaction, and returns the answer. */
  readonly effect: (tx: Tx) => Promise<T>;
  /** Whether the object that was made still exists; without it a stored answer could hand out a deleted object's secret. */
  readonly isThere?: (tx: Tx, answer: T) => Promise<boolean>;
}

/**
 * Runs an effect once for an Idempotency-Key. The effect, its stored answer and the entry in the audit log are one transaction. A
 * repeat gets the stored answer; a repeat at the same time waits for it. An effect that throws stores nothing, not even the key.
 * @throws Refusal `idempotency_key_reused` for another request, `deleted_since` when the object was deleted, `outcome_unknown`
 * when PostgreSQL did not confirm the transaction.
 */
export async function once<T>(c: ApiContext, deps: Deps, wanted: Once<T>) {
  const { sql, config, log } = deps;
  const { request, secret, check, effect, isThere } = wanted;
  const slot = slotOf(c, c.req.header('idempotency-key'));
  const fingerprint = keyedFingerprintOf(await withTimeout(QUERY_MS, fingerprintKey(deps)), slot.route, request);
  const purpose = `answer:${slot.accountId}:${slot.route}:${slot.idempotencyKey}`;
  const masterKey = config.HOLDFAST_MASTER_KEY;

  const stored = (row: StoredAnswer | undefined): T => {
    if (row === undefined) throw new Error('a stored answer vanished');
    if (row.fingerprint !== fingerprint) throw new Refusal('idempotency_key_reused');
    return row.bodyCipher === null ? (row.body as T) : (JSON.parse(open(masterKey, purpose, row.bodyCipher)) as T);
  };

  if (check !== undefined && (await withTimeout(QUERY_MS, readSlot(sql, slot))) === undefined) await check();
  const work = async (tx: Tx): Promise<T> => {
    if (!(await takeSlot(tx, slot, fingerprint))) {
      const answer = stored(await readSlot(tx, slot));
      if (isThere !== undefined && !(await isThere(tx, answer))) throw new Refusal('deleted_since');
      markReplayed(c);
      return answer;
    }
    const answer = await effect(tx);
    if (isOfStaff(c)) await audit(tx, c, request, answer);
    const kept = secret === true ? { bodyCipher: seal(masterKey, purpose, JSON.stringify(answer)) } : { body: answer };
    await fillSlot(tx, slot, fingerprint, 201, kept);
    return answer;
  };
  try {
    return await changing(deps, c, work);
  } catch (error) {
    if (!isDatabaseTrouble(error)) throw error;
    log.warn({ err: error, requestId: c.get('requestId') }, 'PostgreSQL did not confirm a transaction');
    throw new Refusal('outcome_unknown');
  }
}
