import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginAttempt, whyNotBegun } from '../../db/dispatch/attempts.ts';
import { decideClaim } from '../../db/placement/decide-claim.ts';
import { linkKey } from '../../domain/catalogue/link.ts';
import { type TestDatabase, testDatabase } from '../support/engines/database.ts';
import { attemptOf, running } from '../support/engines/running.ts';
import { end } from '../support/reads/books.ts';
import { nextInLine } from '../support/reads/next-in-line.ts';
import { openShop, type Shop } from '../support/worlds/shop.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const link = 'https://example.com/p/1';
const IGNORED = ['campaign'];
const pause = (id: number) =>
  database.sql`update orders set paused_at = clock_timestamp(), paused_by = 'ann' where id = ${id}`;
const resume = (id: number) => database.sql`update orders set paused_at = null, paused_by = null where id = ${id}`;

/** A service, and two accounts that order from it. */
async function market(duplicate_link: string, duplicate_scope: string, more: object = {}): Promise<[Shop, Shop]> {
  const mine = await openShop(database.sql, { service: { duplicate_link, duplicate_scope, ...more } });
  return [mine, await openShop(database.sql)];
}

/** The outcome of an order for the link. Checks that the API's quick look agrees with the decision. */
async function placed(shop: Shop, service: number, at: string = link): Promise<string> {
  const [row] = await database.sql<{ linkTaken: boolean }[]>`
    select link_taken(${service}, ${linkKey(at, IGNORED)}, ${shop.account}) as "linkTaken"`;
  const linkTaken = row?.linkTaken;
  const decision = await decideClaim(database.sql, await shop.claim({ service, link: at }));
  const outcome = decision.state === 'refused' ? decision.code : decision.state;
  expect(linkTaken).toBe(outcome === 'duplicate_link');
  return outcome;
}

describe('where a second order for a link is refused', () => {
  it('an order of another account is none of it, unless all accounts count', async () => {
    for (const [scope, outcome] of [
      ['account', 'order'],
      ['all', 'duplicate_link'],
    ] as const) {
      const [mine, theirs] = await market('reject', scope);
      await running(database.sql, await mine.order({ link }), `${scope}-${mine.service}`);
      expect(await placed(theirs, mine.service)).toBe(outcome);
      expect(await placed(mine, mine.service)).toBe('duplicate_link');
    }
  });

  it('a link is not kept from others by an order that is scheduled for later, or was paused', async () => {
    const [mine, theirs] = await market('reject', 'all');
    const scheduled = await mine.order({ link, scheduledAt: Date.now() + 300 * 86_400_000 });
    expect(await placed(mine, mine.service)).toBe('duplicate_link');
    expect(await placed(theirs, mine.service)).toBe('order');
    expect(scheduled).toBeGreaterThan(0);

    const [one, other] = await market('reject', 'all');
    const paused = await one.order({ link });
    await pause(paused);
    expect(await placed(one, one.service)).toBe('duplicate_link');
    await running(database.sql, paused, `paused-${paused}`);
    const theirsToo = await openShop(database.sql);
    expect(await placed(other, one.service)).toBe('order');
    await resume(paused);
    // The resumed order counts again.
    expect(await placed(theirsToo, one.service)).toBe('duplicate_link');
  });

  it('an order that is due and waits for a provider keeps its link', async () => {
    const [mine, theirs] = await market('reject', 'all');
    await mine.order({ link });
    expect(await placed(theirs, mine.service)).toBe('duplicate_link');
  });

  it('two accounts that come at the same moment are told apart as two orders of one account are', async () => {
    const [mine, theirs] = await market('reject', 'all');
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, number) =>
        (number % 2 === 0 ? mine : theirs).claim({ service: mine.service, link }),
      ),
    );
    const decisions = await Promise.all(claims.map((id) => decideClaim(database.sql, id)));
    expect(decisions.filter(({ state }) => state === 'order').length).toBe(1);
  });

  it('what tracks a visitor makes no other target, and the link is kept as the customer wrote it', async () => {
    const [mine] = await market('reject', 'account', { ignored_link_parameters: IGNORED });
    const written = 'http://M.Example.com//p/1/?utm_source=app&igsh=Zz%3D%3D&campaign=7#top';
    const id = await mine.order({ link: written });
    expect(await placed(mine, mine.service, link)).toBe('duplicate_link');
    expect(await placed(mine, mine.service, `${link}?Campaign=8&fbclid=x`)).toBe('duplicate_link');
    expect(await placed(mine, mine.service, `${link}?photo=1`)).toBe('order');
    const [row] = await database.sql`select link from orders where id = ${id}`;
    expect(row?.link).toBe(written);
  });
});

describe('where orders queue for a link', () => {
  const begin = (id: number) => beginAttempt(database.sql, attemptOf(id));
  const queued = async (id: number) =>
    (await begin(id)) === undefined && (await whyNotBegun(database.sql, attemptOf(id))).kind === 'queued';

  it('those of another account are passed by, unless all accounts count', async () => {
    for (const scope of ['account', 'all']) {
      const [mine, theirs] = await market('queue', scope);
      await begin(await mine.order({ link }));
      const next = await theirs.order({ service: mine.service, link });
      expect(await queued(next)).toBe(scope === 'all');
    }
  });

  it('one that was paused, begun or not, or is scheduled for later holds up no other account', async () => {
    const [mine, theirs] = await market('queue', 'all');
    const begun = await mine.order({ link });
    await running(database.sql, begun, `begun-${begun}`);
    await mine.order({ link, scheduledAt: Date.now() + 300 * 86_400_000 });
    const [own, next] = [await mine.order({ link }), await theirs.order({ service: mine.service, link })];
    expect([await queued(own), await queued(next)]).toEqual([true, true]);
    await pause(begun);
    expect(await queued(own)).toBe(true);
    // The other account's order before it is due, and comes first.
    expect(await queued(next)).toBe(true);
    await pause(own);
    expect(await begin(next)).toMatchObject({ state: 'intent' });
  });

  it('the next that is told is one that may begin: of the same account, or of any where all count', async () => {
    for (const scope of ['account', 'all']) {
      const [mine, theirs] = await market('queue', scope);
      const first = await mine.order({ link });
      await begin(first);
      const other = await theirs.order({ service: mine.service, link });
      const own = await mine.order({ link });
      await end(database.sql, first, 0);
      expect(await nextInLine(database.sql, first, new Date())).toBe(scope === 'all' ? other : own);
    }
  });
});
