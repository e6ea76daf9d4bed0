import type { Sql } from '../../db/client.ts';
import type { Attention } from '../../domain/order/status.ts';
import type { Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { OrderWorkflow } from './order-workflow.ts';
import type { SeededProviders } from './provider.ts';

const MINUTE = 60_000;
const by = 'ann';
/** Updates whose names differ from their signals'. */
const TWINS: Readonly<Record<string, string>> = { resolve: 'resolveReview', refill: 'requestRefill' };

/** The people around orders. They send messages at random, and decide reviews by what the providers' records say. */
export interface People {
  /** Sends cancels, pauses, resumes and nonsense at times that the seed chooses. */
  meddle(orderId: number, workflow: () => OrderWorkflow): void;
  /** Decides some of the orders that wait for a person; with `all`, every one. Returns how many waited. */
  decide(workflows: ReadonlyMap<number, OrderWorkflow>, round: number, all: boolean): Promise<number>;
}

interface Waiting {
  readonly orderId: number;
  readonly attention: Attention;
  readonly total: number;
  readonly delivered: number;
  /** The review is about a refill of the ended order. */
  readonly hasEnded: boolean;
}

export function people(
  sql: Sql,
  chance: Chance,
  agenda: Agenda,
  providers: SeededProviders,
  story: (line: string) => void,
): People {
  function ask(workflow: OrderWorkflow, name: string, message: object, how: number): void {
    story(`ann: order ${workflow.orderId}: ${name} ${JSON.stringify(message)}`);
    const whole = { by, reason: 'private', ...message };
    if (how < 0.5) {
      workflow.signal(name, whole);
      return;
    }
    const update = TWINS[name] ?? name;
    void workflow
      .update(update, whole)
      .then((answer) => story(`order ${workflow.orderId}: ${name}: ${JSON.stringify(answer)}`));
  }

  /** Finds the uncertain attempt and decides it by its provider's record. */
  async function lookUp(orderId: number): Promise<object> {
    const [attempt] = await sql<{ batch: number; attempt: number }[]>`
      select batch, attempt from attempts where order_id = ${orderId} and state = 'unknown' order by batch, attempt limit 1`;
    const key = `${orderId}/${attempt?.batch}/${attempt?.attempt}`;
    const order = providers.taken.find(({ order: { sentFor } }) => sentFor === key)?.order;
    const which = attempt === undefined ? {} : { batch: attempt.batch };
    return order === undefined
      ? { action: 'notPlaced', ...which }
      : { action: 'attach', providerOrder: order.id, ...which };
  }

  async function answerTo(
    { orderId, attention, total, delivered, hasEnded }: Waiting,
    round: number,
    all: boolean,
  ): Promise<object> {
    const name = ['decides', orderId, round] as const;
    if (attention === 'uncertain') {
      const found = await lookUp(orderId);
      return chance.occurs(0.1, ...name) ? { ...found, action: 'cancel' } : found;
    }
    const choices =
      attention === 'conflict'
        ? ([
            [4, 'extend'],
            [1, 'complete'],
            [1, 'partial'],
          ] as const)
        : ([
            [3, 'extend'],
            [2, 'redispatch'],
            [2, 'cancel'],
            [1, 'complete'],
            [2, 'partial'],
          ] as const);
    // After several extensions, decide for good.
    const last = hasEnded ? 'complete' : 'partial';
    const action = all && round % 4 === 3 ? last : chance.pick<string>(choices, ...name);
    if (action === 'extend') return { action, hours: chance.between(1, 48, 'hours', ...name) };
    if (action === 'partial')
      return { action, delivered: chance.between(Math.min(delivered, total), total, 'settled', ...name) };
    return { action };
  }

  return {
    meddle(orderId, workflow) {
      const times = chance.between(0, 4, 'meddles', orderId);
      for (let nth = 1; nth <= times; nth += 1) {
        const name = [orderId, nth] as const;
        agenda.in(chance.between(0, 1_200, 'meddles after', ...name) * MINUTE + 777, async () => {
          const how = chance.roll('how', ...name);
          const what = chance.pick<string>(
            [
              [2, 'cancel'],
              [3, 'pause'],
              [2, 'resume'],
              [2, 'resolve'],
              [1, 'refill'],
              [1, 'nonsense'],
            ],
            'meddling',
            ...name,
          );
          if (what === 'nonsense') return workflow().signal('nonsense', { any: 'thing' });
          const action = chance.pick<string>(
            [
              [1, 'extend'],
              [1, 'complete'],
              [1, 'partial'],
              [1, 'cancel'],
              [1, 'redispatch'],
              [1, 'notPlaced'],
            ],
            'action',
            ...name,
          );
          // Only a person who has checked with the provider may say `notPlaced`.
          const said = action === 'notPlaced' ? await lookUp(orderId) : { action, hours: 5, delivered: 3 };
          ask(workflow(), what, what === 'resolve' ? said : {}, how);
          if (what !== 'pause' || chance.occurs(0.2, 'forgets', ...name)) return;
          agenda.in(chance.between(20, 600, 'resumes after', ...name) * MINUTE + 555, async () => {
            ask(workflow(), 'resume', {}, chance.roll('how resumed', ...name));
          });
        });
      }
    },

    async decide(workflows, round, all) {
      const waiting = await sql<Waiting[]>`
        select id::float8 as "orderId", attention, total_quantity::float8 as total, delivered::float8 as delivered,
               settled_at is not null as "hasEnded"
          from orders where attention <> 'none' order by id`;
      for (const one of waiting) {
        const workflow = workflows.get(one.orderId);
        if (workflow === undefined) continue;
        if (!all && chance.occurs(0.5, 'overlooks', one.orderId, round)) continue;
        const how = chance.roll('how decided', one.orderId, round);
        if (one.attention === 'paused' && (all || how < 0.7)) {
          ask(workflow, 'resume', {}, how);
          continue;
        }
        const answer = await answerTo(one, round, all);
        ask(workflow, 'resolve', answer, how);
      }
      return waiting.length;
    },
  };
}
