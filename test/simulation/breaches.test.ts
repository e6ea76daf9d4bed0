import { describe, expect, inject, it } from 'vitest';
import { Simulation } from './simulation.ts';

/** Lives seeds in a world that is broken by this SQL until something is found; the rules that were broken. */
async function found(broken: string): Promise<string[]> {
  const simulation = await Simulation.open(inject('postgresUrl'), broken);
  try {
    for (let seed = 1; seed <= 40; seed += 1) {
      const { breaches } = await simulation.run(seed, { orders: 4 });
      if (breaches.length > 0) return [...new Set(breaches.map(({ rule }) => rule))];
    }
    return [];
  } finally {
    await simulation.close();
  }
}

/** Changes rows of a table as they are written. */
const meddled = (table: string, change: string): string => `
  create function meddle() returns trigger language plpgsql as $$ begin ${change} return new; end $$;
  create trigger meddle before update on ${table} for each row execute function meddle();`;

describe('what a seed must not lead to is found', () => {
  it('a settlement that gives one unit too much back', async () => {
    const broken = meddled(
      'orders',
      `if new.settled_at is not null and new.charge > 0 then
         new.charge := new.charge - 1; new.refunded := new.refunded + 1;
       end if;`,
    );
    expect(await found(broken)).toContain('books: charge and refund');
  });

  it('an attempt whose mark that it is being sent is lost', async () => {
    const broken = meddled('attempts', `if new.state = 'sending' then new.state := 'intent'; end if;`);
    expect(await found(broken)).toContain('sent more than once');
  });

  it('a partial delivery of which one item is not charged', async () => {
    const broken = meddled(
      'batches',
      `if new.provider_status = 'Partial' then new.remains := new.remains + 1; end if;`,
    );
    expect(await found(broken)).toContain('charged for what was not so');
  });

  it('a batch that is never asked about again', async () => {
    const broken = meddled(
      'batches',
      `if new.state = 'done' and old.state = 'running' then new.state := 'running'; end if;`,
    );
    expect(await found(broken)).toContain('a batch that goes on after its order');
  });

  it('an order of a provider that is written down for another one', async () => {
    const broken = meddled(
      'attempts',
      `if new.provider_order is not null then new.provider_order := new.provider_order || '0'; end if;`,
    );
    expect(await found(broken)).toContain('another order is taken for it');
  });
});
