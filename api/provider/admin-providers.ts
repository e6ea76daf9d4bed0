import { z } from '@hono/zod-openapi';
import { changeProvider, readProvider } from '../../db/catalogue/catalogue.ts';
import type { Tx } from '../../db/client.ts';
import { type ProviderPause, pauseProvider, resumeProvider } from '../../db/provider/pauses.ts';
import { resolveWordAlerts } from '../../db/reconcile/alerts.ts';
import { taughtWords } from '../../domain/delivery/words.ts';
import { Refusal } from '../../domain/errors.ts';
import { readProfile } from '../../domain/provider/profile.ts';
import { changeByStaff } from '../account/audit.ts';
import type { Deps } from '../deps.ts';
import type { ApiContext } from '../http/context.ts';
import { once } from '../idempotency/idempotency.ts';
import { reading } from '../limits/reads.ts';
import { byStaff } from '../order/ask-order.ts';
import { defineRoute } from '../v1/define-route.ts';
import { readSmallId } from '../v1/ids.ts';
import { answersWith, idParam, intBetween, jsonBody, reasonText, timeOf } from '../v1/schemas.ts';
import { guardAddress, sealedCallbackSecret, sealedKey } from './connection.ts';
import { providerChange, providerPause } from './provider-bodies.ts';

const tags = ['staff'];
const YEAR_MINUTES = 525_600;

const pauseView = ({ pausedUntil, ...pause }: ProviderPause) => ({ ...pause, pausedUntil: timeOf(pausedUntil) });

export const noProvider = () => new Refusal('not_found', 'provider not found');

/** The id of a provider in a path. @throws Refusal `not_found` for text that is not an id. */
export function providerId(text: string): number {
  const id = readSmallId(text);
  if (id === 0) throw noProvider();
  return id;
}

/** Changes a provider's pause once for an Idempotency-Key. @throws Refusal `not_found`. */
async function changePause(
  deps: Deps,
  c: ApiContext,
  text: string,
  body: object,
  act: (tx: Tx, id: number) => Promise<ProviderPause | undefined>,
) {
  const effect = async (tx: Tx) => {
    const changed = await act(tx, providerId(text));
    if (changed === undefined) throw noProvider();
    return pauseView(changed);
  };
  const answer = await once(c, deps, { request: { id: text, body }, effect });
  const { id: provider, pausedUntil } = answer;
  deps.log.info({ provider, pausedUntil, by: byStaff(c.get('caller')) }, 'the pause of a provider changed');
  return answer;
}

const pause = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/providers/{id}/pause',
    scope: 'admin',
    tags,
    summary: 'Pause a provider for some minutes',
    description:
      'Holdfast sends the provider no orders: they take their next route, or wait. Orders that the provider has accepted go on.',
    idempotency: 'required',
    request: {
      params: idParam,
      body: jsonBody(z.strictObject({ minutes: intBetween(1, YEAR_MINUTES), reason: reasonText.optional() })),
    },
    responses: answersWith(201, 'The pause', providerPause),
  },
  async (c, deps) => {
    const body = c.req.valid('json');
    const { minutes, reason } = body;
    const act = (tx: Tx, id: number) => pauseProvider(tx, id, minutes, reason || null);
    return c.json(await changePause(deps, c, c.req.valid('param').id, body, act), 201);
  },
);

const resume = defineRoute(
  {
    method: 'post',
    path: '/v1/admin/providers/{id}/resume',
    scope: 'admin',
    tags,
    summary: 'Resume a provider',
    description: 'Ends a pause of any reason and resolves its alert. Waiting orders come back within minutes.',
    idempotency: 'required',
    request: { params: idParam },
    responses: answersWith(201, 'The provider, not paused', providerPause),
  },
  async (c, deps) => c.json(await changePause(deps, c, c.req.valid('param').id, {}, resumeProvider), 201),
);

/** Whether a provider may have an address without TLS once `change` is made. @throws Refusal `not_found`. */
async function allowsPlainHttp(
  deps: Deps,
  c: ApiContext,
  id: number,
  change: z.infer<typeof providerChange>,
): Promise<boolean> {
  if (change.allowPlainHttp !== undefined) return change.allowPlainHttp === true;
  const provider = await reading(deps, c, (sql) => readProvider(sql, id));
  if (provider === undefined) throw noProvider();
  return readProfile(provider.profile).allowPlainHttp;
}

const change = defineRoute(
  {
    method: 'patch',
    path: '/v1/admin/providers/{id}',
    scope: 'admin',
    tags,
    summary: "Change a provider's address, key, cadence, the balance for its alert, or its profile",
    description:
      'A new address must be one of the same panel, which knows the orders that it was sent: they are asked about there. After a new key, end a pause with `POST …/resume`. With lowBalance null there is no alert about the balance; a new lowBalance counts from the next check of the provider. Any other field replaces the old value, and null restores the default, from the next send and the next round of status calls on.',
    request: { params: idParam, body: jsonBody(providerChange) },
    responses: answersWith(200, 'The id of the changed provider', z.object({ id: z.int() })),
  },
  async (c, deps) => {
    const id = providerId(c.req.valid('param').id);
    const body = c.req.valid('json');
    const { url, key, callbackSecret, pollSeconds, ...profile } = body;
    if (url !== undefined) await guardAddress(deps, url, await allowsPlainHttp(deps, c, id, body));
    const keyCipher = key === undefined ? undefined : sealedKey(deps, id, key);
    const callbackCipher = callbackSecret === undefined ? undefined : sealedCallbackSecret(deps, id, callbackSecret);
    const change = { url, keyCipher, callbackCipher, pollSeconds, profile };
    const changed = await changeByStaff(c, deps, body, async (tx) => {
      if (!(await changeProvider(tx, id, change))) throw noProvider();
      await resolveWordAlerts(tx, id, [...taughtWords(body.statusWords ?? {}).keys()]);
      return { id };
    });
    return c.json(changed, 200);
  },
);

export const adminProviderRoutes = [pause, resume, change];
