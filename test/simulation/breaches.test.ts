import { expect, inject, it } from 'vitest';
import { first } from '../support/run/scale.ts';
import { Simulation } from './simulation.ts';

/** Runs seeds with this SQL defect until the rule is broken. Returns all rules that were broken by then. */
async function found(rule: string, broken: string): Promise<string[]> {
  const simulation = await Simulation.open(inject('postgresUrl'), broken);
  const rules = new Set<string>();
  try {
    for (let seed = 1; seed <= 40 && !rules.has(rule); seed += 1) {
      const { breaches } = await simulation.run(seed, { orders: 4 });
      for (const breach of breaches) rules.add(breach.rule);
    }
    return [...rules];
  } finally {
    await simulation.close();
  }
}

/** A defect that changes rows of a table as they are written. */
const meddled = (table: string, change: string): string => `
  create function meddle() returns trigger language plpgsql as $$ begin ${change} return new; end $$;
  create trigger meddle before insert or update on ${table} for each row execute function meddle();`;

/** Defects of the database, with the rule that each breaks. */
const DEFECTS: readonly { readonly what: string; readonly rule: string; readonly broken: string }[] = [
  {
    what: 'a settlement that gives one unit too much back',
    rule: 'books: charge and refund',
    broken: meddled(
      'orders',
      `if new.settled_at is not null and new.charge > 0 then
         new.charge := new.charge - 1; new.refunded := new.refunded + 1;
       end if;`,
    ),
  },
  {
    what: 'an attempt whose mark that it is being sent is lost',
    rule: 'sent more than once',
    broken: meddled('attempts', `if new.state = 'sending' then new.state := 'intent'; end if;`),
  },
  {
    what: 'a partial delivery of which one item is not charged',
    rule: 'charged for what was not so',
    broken: meddled('batches', `if new.provider_status = 'Partial' then new.remains := new.remains + 1; end if;`),
  },
  {
    what: 'a batch that is never asked about again',
    rule: 'a batch that goes on after its order',
    // The defect reopens the batch after the settlement, because an order with an open batch is not settled.
    broken: `
      create function meddle() returns trigger language plpgsql as $$ begin
        update batches set state = 'running' where order_id = new.id and provider_order is not null; return null;
      end $$;
      create constraint trigger meddle after update on orders deferrable initially deferred for each row
        when (new.settled_at is not null and old.settled_at is null) execute function meddle();`,
  },
  {
    what: 'an order of a provider that is written down for another one',
    rule: 'another order is taken for it',
    broken: meddled(
      'attempts',
      `if new.provider_order is not null then new.provider_order := new.provider_order || '0'; end if;`,
    ),
  },
];

it.each(first(2, DEFECTS))('the simulation finds $what', async ({ rule, broken }) => {
  expect(await found(rule, broken)).toContain(rule);
});
