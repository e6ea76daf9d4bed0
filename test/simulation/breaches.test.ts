import { describe, expect, inject, it } from 'vitest';
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

describe('what a seed must not lead to is found', () => {
  it('a settlement that gives one unit too much back', async () => {
    const broken = meddled(
      'orders',
      `if new.settled_at is not null and new.charge > 0 then
         new.charge := new.charge - 1; new.refunded := new.refunded + 1;
       end if;`,
    );
    const rule = 'books: charge and refund';
    expect(await found(rule, broken)).toContain(rule);
  });

  it('an attempt whose mark that it is being sent is lost', async () => {
    const broken = meddled('attempts', `if new.state = 'sending' then new.state := 'intent'; end if;`);
    const rule = 'sent more than once';
    expect(await found(rule, broken)).toContain(rule);
  });

  it('a partial delivery of which one item is not charged', async () => {
    const broken = meddled(
      'batches',
      `if new.provider_status = 'Partial' then new.remains := new.remains + 1; end if;`,
    );
    const rule = 'charged for what was not so';
    expect(await found(rule, broken)).toContain(rule);
  });

  it('a batch that is never asked about again', async () => {
    // The defect reopens the batch after the settlement, because an order with an open batch is not settled.
    const broken = `
      create function meddle() returns trigger language plpgsql as $$ begin
        update batches set state = 'running' where order_id = new.id and provider_order is not null; return null;
      end $$;
      create constraint trigger meddle after update on orders deferrable initially deferred for each row
        when (new.settled_at is not null and old.settled_at is null) execute function meddle();`;
    const rule = 'a batch that goes on after its order';
    expect(await found(rule, broken)).toContain(rule);
  });

  it('an order of a provider that is written down for another one', async () => {
    const broken = meddled(
      'attempts',
      `if new.provider_order is not null then new.provider_order := new.provider_order || '0'; end if;`,
    );
    const rule = 'another order is taken for it';
    expect(await found(rule, broken)).toContain(rule);
  });
});
