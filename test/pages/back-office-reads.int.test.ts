import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raiseAlert, resolveAlert } from '../../db/reconcile/alerts.ts';
import { countDay, countMoney } from '../../db/report/days.ts';
import { running } from '../support/engines/running.ts';
import { end } from '../support/reads/books.ts';
import { untilProved } from '../support/reads/proved.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';
import { hiddenFields, openVisitor, type Visitor } from '../support/worlds/visitor.ts';

const SCRIPT = '<script>alert(1)</script>';

let opened: ApiWorld;
let person: Visitor;
const today = new Date().toISOString().slice(0, 10);

beforeAll(async () => {
  opened = await apiWorld({ workers: false, staffName: 'night shift', service: { name: `Followers ${SCRIPT}` } });
  person = openVisitor(opened.api.url, 'ops');
  await person.signIn(opened.staff);
});
afterAll(() => opened.close());

const html = async (address: string): Promise<string> => {
  const { status, html } = await person.get(`/ops${address}`);
  expect([address, status, html.includes(SCRIPT)]).toEqual([address, 200, false]);
  expect(html).not.toMatch(/<script(?! src="\/assets\/)|<style|\sstyle=|\son\w+=|javascript:/);
  return html;
};

it('a customer’s session opens none of these pages', async () => {
  const customer = openVisitor(opened.api.url);
  await customer.signIn(opened.key);
  for (const address of ['/alerts', '/reports', '/books', '/audit']) {
    const { status, location } = await customer.get(`/ops${address}`);
    expect([address, status, location.startsWith('/ops/sign-in?')]).toEqual([address, 303, true]);
  }
});

describe('the page of alerts', () => {
  const about = { kind: 'provider_balance', subject: 'provider:1' } as const;
  const rows = async (show: string) =>
    [...(await html(`/alerts?show=${show}`)).matchAll(/<tr id="alert-(\d+)"/g)].map(([, id]) => Number(id));
  const ask = (show: string, fields: Readonly<Record<string, string>>) =>
    person.submit(`/ops/alerts?show=${show}`, fields);

  it('moves an alert from new to acknowledged to snoozed, and says who did it', async () => {
    const { sql } = opened.world;
    await raiseAlert(sql, { ...about, detail: `low ${SCRIPT}` });
    await raiseAlert(sql, { kind: 'order_lost', subject: 'order:10001', detail: 'gone' });
    const [lost = 0, low = 0] = await rows('new');
    expect(low).toBeLessThan(lost);
    const [row] = await sql<{ name: string }[]>`select name from providers where id = 1`;
    expect(await html('/alerts')).toContain('href="/ops/orders/10001"');
    expect(await html('/alerts')).toContain(
      `<a href="/ops/providers/1">${row?.name}</a><span class="quiet"> provider:1`,
    );
    expect((await ask('new', { do: 'acknowledge', id: String(low) })).location).toBe('/ops/alerts?show=new');
    expect([await rows('new'), await rows('acknowledged')]).toEqual([[lost], [low]]);
    expect(await html('/alerts?show=acknowledged')).toContain('seen by staff: night shift');
    await ask('acknowledged', { do: 'snooze', id: String(low), minutes: '60' });
    expect([await rows('acknowledged'), await rows('snoozed')]).toEqual([[], [low]]);
    expect(await html('/alerts?show=snoozed')).toContain('snoozed by staff: night shift');
  });

  it('resolves an alert about something that happened, with a reason, and offers it for no other', async () => {
    const { sql } = opened.world;
    await raiseAlert(sql, { kind: 'provider_word', subject: 'word:1:odd', detail: 'its status "odd" is not known' });
    const [word] = await rows('new');
    const page = await html('/alerts');
    expect(page.match(/Resolve…/g)).toHaveLength(1);
    expect(page).toContain('<span class="unseen"> provider_word word:1:odd</span>');
    expect((await ask('new', { do: 'resolve', id: String(word), reason: '' })).location).toBe('/ops/alerts?show=new');
    expect(await rows('new')).toContain(word);
    await ask('new', { do: 'resolve', id: String(word), reason: 'it was a misprint' });
    expect([(await rows('new')).includes(word ?? 0), (await rows('ended'))[0]]).toEqual([false, word]);
    expect(await html('/alerts?show=ended')).toContain('resolved by staff: night shift');
    expect(await html(`/audit?subject=alerts/${word}`)).toContain('it was a misprint');
  });

  it('says of an alert that has ended meanwhile that it has, and lists it there', async () => {
    await resolveAlert(opened.world.sql, about);
    const [ended] = await rows('ended');
    await ask('new', { do: 'acknowledge', id: String(ended) });
    expect(await html('/alerts?show=snoozed')).toContain('Not done: the alert has ended');
    expect((await ask('new', { do: 'snooze', id: String(ended), minutes: 'soon' })).status).toBe(303);
    expect(await html('/alerts')).toContain('class="notice is-error"');
  });

  it('leads back to the page of the list that the form was on', async () => {
    const [ended] = await rows('ended');
    const page = await html('/alerts?show=new');
    expect(page).toContain('value="acknowledge"');
    expect(page).not.toContain('action="/ops/alerts');
    const here = '/ops/alerts?show=new&cursor=17';
    const answer = await person.post(here, { ...hiddenFields(page), do: 'acknowledge', id: String(ended) });
    expect(answer.location).toBe(here);
  });
});

describe('the reports', () => {
  beforeAll(async () => {
    const { sql } = opened.world;
    const settled = async (delivered: number, cost: string) => {
      const id = await opened.shop.order();
      await running(sql, id, `up-${id}`);
      const charged = { costs: [{ batch: 1, cost, raw: null }] };
      await end(sql, id, delivered, { at: new Date(), ends: [{ batch: 1, delivered }], ...charged });
    };
    await settled(1_000, '50000001');
    await settled(400, '60000000');
    await untilProved(sql);
    while ((await countMoney(sql, 100)) > 0);
    await countDay(sql, today, new Date());
  });

  it('show exact money by day as a table beside its chart, with the days in the address', async () => {
    const page = await html(`/reports?from=${today}&to=${today}`);
    expect(page).toMatch(new RegExp(`${today}.*?1\\.26.*?1\\.10000001.*?0\\.00.*?0\\.15999999`, 's'));
    expect(page).toContain('data-chart="{&quot;isByDay&quot;:true');
    expect(page).toContain(`name="to" type="date" value="${today}"`);
    expect(page).toContain(`/ops/reports?report=outcomes&amp;from=${today}&amp;to=${today}`);
    expect(await html('/reports?from=2020-01-01&to=2020-01-02')).toContain('No money moved on these days.');
  });

  it('lead from a service, provider or account to its page', async () => {
    const { service, account, providers } = opened.shop;
    expect(await html('/reports?report=money&by=service')).toContain(
      `href="/ops/services/${service}">Followers &lt;script`,
    );
    expect(await html('/reports?report=money&by=account')).toContain(`href="/ops/accounts/${account}"`);
    expect(await html('/reports?report=money&by=provider')).toContain(`href="/ops/providers/${providers[0]}"`);
  });

  it('show how orders ended, and how long they took beside the weeks before', async () => {
    const outcomes = await html('/reports?report=outcomes&by=service');
    expect(outcomes).toMatch(/>2<\/a>.*?>1<.*?<progress max="1000" value="500" aria-label="Partial">/s);
    const { service } = opened.shop;
    for (const status of ['Completed', 'Partial', 'Canceled'])
      expect(outcomes).toContain(`href="/ops/orders?service=${service}&amp;status=${status}&amp;to=${today}"`);
    expect(await html('/reports?report=times')).toContain(
      `href="/ops/orders?service=${service}&amp;status=Completed&amp;to=${today}"`,
    );
    expect(await html('/reports?report=outcomes&by=provider')).toContain('href="/ops/providers/');
    expect(await html('/reports?report=times')).toMatch(
      /&quot;unit&quot;:&quot;seconds&quot;.*?–<\/span>, <span class="whole">–/s,
    );
  });

  it('are files by a link that has the days', async () => {
    const page = await html(`/reports?by=service&from=${today}&to=${today}`);
    const [, address = ''] = /href="(\/ops\/reports\/csv[^"]*)"/.exec(page) ?? [];
    const file = await person.get(address.replaceAll('&amp;', '&'));
    expect([file.status, file.html.split('\r\n')[0]]).toEqual([200, 'day,id,name,revenue,cost,loss,margin']);
    expect(file.html).toContain(`,${opened.shop.service},Followers ${SCRIPT},1.26,1.10000001,0,0.15999999`);
  });

  it('say why days cannot be shown, and keep them in the form', async () => {
    const { status, html } = await person.get('/ops/reports?from=2026-02-01&to=2026-01-01');
    expect([status, html.includes('to must be after from')]).toEqual([422, true]);
    expect(html).toContain('name="from" type="date" value="2026-02-01"');
    const long = await person.get('/ops/reports?report=times&from=2026-01-01&to=2026-03-01');
    expect([long.status, long.html.includes('must be at most 31 days')]).toEqual([422, true]);
    expect((await person.get(`/ops/reports?from=${encodeURIComponent(SCRIPT)}`)).html).not.toContain(SCRIPT);
  });
});

it('the page of the books shows the last proof, and what the reconciler found', async () => {
  expect(await html('/books')).toMatch(/the books add up.*?It has not run yet/s);
});

describe('the audit log', () => {
  it('is filtered by the key of staff, by object and by day, and leads to the object', async () => {
    const { account } = opened.shop;
    const body = { amount: '1', reference: SCRIPT };
    await opened.api.v1(`/v1/admin/accounts/${account}/deposits`, { key: opened.staff, body, idempotencyKey: 'one' });
    const page = await html(`/audit?subject=accounts/${account}&from=${today}&to=${today}`);
    expect(page).toContain(`<a href="/ops/accounts/${account}">accounts/${account}/deposits</a>`);
    const [, key] = /href="\/ops\/audit\?key=(\d+)">staff: night shift/.exec(page) ?? [];
    expect(await html(`/audit?key=${key}`)).toContain(`accounts/${account}/deposits`);
    for (const none of ['key=x', 'key=999999', 'subject=accounts/7', 'to=2020-01-01', 'action=DELETE']) {
      expect([none, (await html(`/audit?${none}`)).includes('No entry matches')]).toEqual([none, true]);
    }
  });
});
