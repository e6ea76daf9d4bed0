import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { type Actions, idsOf } from './actions.ts';
import type { ArmedFaults, Playing } from './armed-faults.ts';
import type { Book } from './book.ts';
import { scriptOf } from './delivery.ts';
import { type Answer, readFault, retyped, type StatusRow } from './faults.ts';
import { readFields } from './fields.ts';
import { type Fields, PanelError, targetOf } from './placing.ts';
import { parseScript, ScriptError, scriptInLink } from './script.ts';
import type { CallCounters } from './stats.ts';

type Env = { Bindings: HttpBindings };

export interface PanelParts {
  readonly key: string;
  readonly book: Book;
  readonly actions: Actions;
  readonly faults: ArmedFaults;
  readonly counters: CallCounters;
}

const ACTIONS = ['services', 'add', 'status', 'balance', 'refill', 'refill_status', 'cancel', 'orders'];

/** Panel API v2 at `/api/v2` and `/api/v2/`. Applies the armed faults to every call. */
export function panelApp({ key, book, actions, faults, counters }: PanelParts): Hono<Env> {
  const app = new Hono<Env>();

  const linksOf = (action: string, fields: Fields): Map<string, string[]> => {
    const links = new Map<string, string[]>();
    if (action === 'add') {
      const link = targetOf(fields);
      if (link !== '') links.set(link, faultsIn([scriptInLink(link), book.scripts.get(link) ?? ''].join(',')));
      return links;
    }
    for (const id of `${fields.order ?? ''},${fields.orders ?? ''}`.split(',')) {
      const order = actions.orderOf(id.trim());
      if (order !== undefined) links.set(order.link, scriptOf(order).faults);
    }
    return links;
  };

  /** The answer as a value. A PanelError becomes the panel's error answer. */
  const carryOut = async (action: string, fields: Fields, playing: readonly Playing[]): Promise<unknown> => {
    try {
      switch (action) {
        case 'services':
          return actions.services();
        case 'add':
          return spoilAdd(await actions.add(fields, playing[0]?.spec.text), playing);
        case 'status':
          return status(fields, playing);
        case 'balance':
          return actions.balance();
        case 'refill':
          return await actions.refill(fields);
        case 'refill_status':
          return await actions.refillStatus(fields);
        case 'cancel':
          return await actions.cancel(fields);
        case 'orders':
          return actions.list(fields);
        default:
          return { error: 'Incorrect request' };
      }
    } catch (error) {
      if (error instanceof PanelError) return { error: error.message };
      throw error;
    }
  };

  const status = (fields: Fields, playing: readonly Playing[]): unknown => {
    const many = fields.orders !== undefined;
    const ids = many ? idsOf(fields.orders) : [fields.order ?? ''];
    counters.statusIds(ids.length);
    const rows = actions.rows(ids).flatMap(([id, row]) => spoilRow(id, row, playing));
    return many ? Object.fromEntries(rows) : (rows[0]?.[1] ?? {});
  };

  const spoilRow = (id: string, row: StatusRow, playing: readonly Playing[]): [string, unknown][] => {
    const link = actions.orderOf(id)?.link;
    const one = playing.find(
      ({ spec, link: only }) => spec.fault.layer === 'row' && (only === undefined || only === link),
    );
    if (one?.spec.fault.layer !== 'row' || link === undefined) return [[id, row]];
    return one.spec.fault.spoil(id, row, one.spec.argument, one.call);
  };

  const handle = async (c: Context<Env>): Promise<Response> => {
    const fields = await readFields(c.req);
    const { key: given, ...wish } = fields;
    const action = fields.action ?? '';
    const { down, downUntil } = book.settings;
    const outage = down !== null && (downUntil === null || book.now() < downUntil) ? readFault(down) : undefined;
    const authorized = given === key;
    if (action !== 'add') counters.call(ACTIONS.includes(action) ? action : 'unknown');
    if (!authorized) counters.unauthorized();

    const met = outage === undefined && authorized ? faults.meet(action, linksOf(action, fields)) : [];
    const playing = outage === undefined ? met : [{ spec: outage, link: undefined, call: 0 }];
    for (const { spec } of met) counters.fault(spec.name);
    const breaker = playing.find(({ spec }) => spec.fault.layer === 'wire' || spec.fault.layer === 'answer')?.spec;
    const skipped = breaker !== undefined && !breaker.accept;
    if (action === 'add' && (skipped || !authorized)) {
      const lost = skipped ? { fault: breaker.text } : { error: 'Invalid API key' };
      await book.record({ kind: 'add', at: book.now(), fields: wish, ...lost });
    }
    const isList = authorized && !skipped && (wish.orders !== undefined || wish.refills !== undefined);
    const { lists } = book.settings;
    if (isList && lists !== 'known' && lists !== 'first') return respond(WITHOUT_LISTS[lists]);
    const read = isList && lists === 'first' ? firstOf(wish) : wish;
    const value = skipped ? {} : authorized ? await carryOut(action, read, playing) : { error: 'Invalid API key' };
    let body = JSON.stringify(value);
    for (const { spec } of playing) if (spec.fault.layer === 'body') body = spec.fault.spoil(body);
    if (breaker?.fault.layer === 'answer') return respond(breaker.fault.answer(breaker.argument));
    if (breaker?.fault.layer === 'wire') {
      breaker.fault.play(c.env.outgoing, body, breaker.argument);
      return RESPONSE_ALREADY_SENT;
    }
    return respond({ status: 200, type: 'application/json', body });
  };

  for (const path of ['/api/v2', '/api/v2/']) app.on(['GET', 'POST'], path, handle);
  return app;
}

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

/** Answers of panels that do not support lists. */
const WITHOUT_LISTS = {
  400: json(400, { error: 'order is required' }),
  error: json(200, { error: 'Incorrect request' }),
  nothing: json(200, []),
};

/** Reduces a list to its first id, as some panels do. */
function firstOf({ orders, refills, ...others }: Fields): Fields {
  const [order, refill] = [orders, refills].map((ids) => ids?.split(',')[0]);
  return { ...others, ...(order === undefined ? {} : { order }), ...(refill === undefined ? {} : { refill }) };
}

const respond = ({ status, type, headers, body }: Answer): Response =>
  new Response(body, { status, headers: { 'Content-Type': type, ...headers } });

function spoilAdd(answer: { order: number }, playing: readonly Playing[]): unknown {
  for (const { spec } of playing) {
    if (spec.fault.layer === 'add') return spec.fault.spoil(answer.order);
    if (spec.name === 'types') return retyped({ ...answer });
  }
  return answer;
}

/** The faults in a script. An unreadable script has none: `add` answers with the error in it. */
function faultsIn(script: string): string[] {
  try {
    return parseScript(script).faults;
  } catch (error) {
    if (error instanceof ScriptError) return [];
    throw error;
  }
}
