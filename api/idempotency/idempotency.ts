import { open, seal } from '../../db/account/secrets.ts';
import type { Tx } from '../../db/client.ts';
import { withTimeout } from '../../db/client.ts';
import { isDatabaseTrouble } from '../../db/errors.ts';
import { type AnswerSlot, fillSlot, readSlot, type StoredAnswer, takeSlot } from '../../db/placement/stored-answers.ts';
import { Refusal } from '../../domain/errors.ts';
import { LIMITS } from '../../domain/limits.ts';
import { audit, isOfStaff } from '../account/audit.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { routeOf } from '../http/route-of.ts';
import { QUERY_MS, TRANSACTION_MS } from '../http/timeouts.ts';
import { fingerprintKey, keyedFingerprintOf } from './fingerprint.ts';

const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * The request's Idempotency-Key, written plainly or in quotes as its draft standard has it.
 * @throws Refusal `idempotency_key_missing` or `idempotency_key_invalid`.
 */
export function idempotencyKey(header: string | undefined): string {
  const text = header?.trim() ?? '';
  if (text === '') throw new Refusal('idempotency_key_missing');
  // What is too long is refused below, unread.
  const readable = text.length <= LIMITS.idempotencyKey ? text : '';
  const [, quoted] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(readable) ?? [];
  const key = quoted === undefined ? text : quoted.replaceAll(/\\(["\\])/g, '$1');
  if (key.length < 1 || text.length > LIMITS.idempotencyKey || !PRINTABLE.test(key)) {
    throw new Refusal('idempotency_key_invalid', `1 to ${LIMITS.idempotencyKey} printable ASCII characters`);
  }
  return key;
}

/** Tells the caller that this answer was given before. */
export const markReplayed = (c: ApiContext): void => c.header('Idempotent-Replayed', 'true');

/**
 * Does something that does no harm when it is done again, and that no transaction can hold: the Idempotency-Key is
 * optional. A repeat gets the first answer once there is one; at the same time both ask under one id, which the act is
 * given. An act that throws leaves no answer here: a repeat of what was refused is looked at anew.
 * @throws Refusal `idempotency_key_reused` for another request.
 */
export async function repeatable<T>(
  c: ApiContext,
  deps: Deps,
  request: unknown,
  act: (id: string | undefined) => Promise<T>,
): Promise<T> {
  const header = c.req.header('idempotency-key');
  if (header === undefined) return act(undefined);
  const { sql, log } = deps;
  const slot = slotOf(c, header);
  const key = await withTimeout(QUERY_MS, fingerprintKey(deps));
  const fingerprint = keyedFingerprintOf(key, slot.route, request);
  const stored = await withTimeout(QUERY_MS, readSlot(sql, slot));
  if (stored !== undefined) {
    if (stored.fingerprint !== fingerprint) throw new Refusal('idempotency_key_reused');
    markReplayed(c);
    return stored.body as T;
  }
  const answer = await act(keyedFingerprintOf(key, slot.route, { ...slot, request }));
  const keep = sql.begin(async (tx) => {
    if (await takeSlot(tx, slot, fingerprint)) await fillSlot(tx, slot, 202, { body: answer });
  });
  await withTimeout(QUERY_MS, keep).catch((error: unknown) => {
    // It was done: a repeat does it again, which does no harm.
    log.warn({ err: error, requestId: c.get('requestId') }, 'an answer could not be kept');
  });
  return answer;
}

/**
 * Binds the request's Idempotency-Key to what is asked, and returns the key; for what is repeated part by part, each part
 * under a key of its own.
 * @throws Refusal `idempotency_key_reused` for another request.
 */
export async function boundKey(c: ApiContext, deps: Deps, request: unknown): Promise<string> {
  const { sql } = deps;
  const slot = slotOf(c, c.req.header('idempotency-key'));
  const fingerprint = keyedFingerprintOf(await withTimeout(QUERY_MS, fingerprintKey(deps)), slot.route, request);
  const bind = sql.begin(async (tx) => {
    if (await takeSlot(tx, slot, fingerprint)) return void (await fillSlot(tx, slot, 200, { body: 'see its parts' }));
    const stored = await readSlot(tx, slot);
    if (stored?.fingerprint !== fingerprint) throw new Refusal('idempotency_key_reused');
    markReplayed(c);
  });
  await withTimeout(QUERY_MS, bind);
  return slot.idempotencyKey;
}

const slotOf = (c: ApiContext, header: string | undefined): AnswerSlot => ({
  accountId: c.get('caller').accountId,
  route: routeOf(c) ?? '',
  idempotencyKey: idempotencyKey(header),
});

interface Once<T> {
  /** What is asked, path parameters included: a repeat must ask the same. */
  readonly request: unknown;
  /** Whether the answer holds a secret, and so is kept encrypted. */
  readonly secret?: boolean;
  /** Makes the change and its answer, in the transaction given. */
  readonly effect: (tx: Tx) => Promise<T>;
  /** For what can be deleted: whether it is still there. An answer that hands out what is gone is not repeated. */
  readonly isThere?: (tx: Tx, answer: T) => Promise<boolean>;
}

/**
 * Does something once for an Idempotency-Key: the effect and its stored answer are one transaction, and so is what the audit
 * log keeps of it when staff do it; a repeat gets the
 * stored answer, and a repeat at the same time waits for it. An effect that throws leaves nothing behind, its key included.
 * @throws Refusal `idempotency_key_reused` for another request, `deleted_since` when what was made is gone, `outcome_unknown`
 * when the database did not say.
 */
export async function once<T>(c: ApiContext, deps: Deps, wanted: Once<T>) {
  const { sql, config, log } = deps;
  const { request, secret, effect, isThere } = wanted;
  const slot = slotOf(c, c.req.header('idempotency-key'));
  const fingerprint = keyedFingerprintOf(await withTimeout(QUERY_MS, fingerprintKey(deps)), slot.route, request);
  const purpose = `answer:${slot.accountId}:${slot.route}:${slot.idempotencyKey}`;
  const masterKey = config.HOLDFAST_MASTER_KEY;

  const stored = (row: StoredAnswer | undefined): T => {
    if (row === undefined) throw new Error('a stored answer vanished');
    if (row.fingerprint !== fingerprint) throw new Refusal('idempotency_key_reused');
    return row.bodyCipher === null ? (row.body as T) : (JSON.parse(open(masterKey, purpose, row.bodyCipher)) as T);
  };

  const work = sql.begin(async (tx): Promise<{ answer: T }> => {
    if (!(await takeSlot(tx, slot, fingerprint))) {
      const answer = stored(await readSlot(tx, slot));
      if (isThere !== undefined && !(await isThere(tx, answer))) throw new Refusal('deleted_since');
      markReplayed(c);
      return { answer };
    }
    const answer = await effect(tx);
    if (isOfStaff(c)) await audit(tx, c, request, answer);
    const kept = secret === true ? { bodyCipher: seal(masterKey, purpose, JSON.stringify(answer)) } : { body: answer };
    await fillSlot(tx, slot, 201, kept);
    return { answer };
  });
  try {
    return ((await withTimeout(TRANSACTION_MS, work)) as { answer: T }).answer;
  } catch (error) {
    if (!isDatabaseTrouble(error)) throw error;
    log.warn({ err: error, requestId: c.get('requestId') }, 'the database did not say whether it did it');
    throw new Refusal('outcome_unknown');
  }
}
