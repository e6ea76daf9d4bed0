import { afterAll, beforeAll, expect, it } from 'vitest';
import { ResellerDesk } from '../support/worlds/reseller-desk.ts';
import { hiddenFields } from '../support/worlds/visitor.ts';

let desk: ResellerDesk;

beforeAll(async () => {
  desk = await ResellerDesk.open();
});
afterAll(() => desk.close());

it('a list of orders shows the result of each line, and the same form places nothing twice', async () => {
  const fields = await desk.fields('/app/mass', {
    lines: `${desk.on.shop.service}|https://example.com/mass/1|10\n${desk.on.shop.service}|https://example.com/mass/2|1`,
  });
  const before = (await desk.orders()).length;
  const checked = await desk.customer.post('/app/mass', { ...fields, do: 'check' });
  expect(checked.html).toContain('1 line would be taken, 1 refused');
  expect(checked.html).toMatch(/quantity – [^<]*the minimum is 10/);
  expect(checked.html).toContain('0.009<span class="quiet"> USD');
  expect((await desk.orders()).length).toBe(before);
  expect(hiddenFields(checked.html).key).toBe(
    hiddenFields((await desk.customer.post('/app/mass', { ...fields, do: 'check' })).html).key,
  );
  const [first, second] = [await desk.send('/app/mass', fields), await desk.send('/app/mass', fields)];
  expect(first.html).toContain('1 placed, 1 refused');
  expect(first.html).toContain('the minimum is 10');
  expect(first.html).toContain(`<span class="target">${desk.on.shop.service}|https://example.com/mass/2|1</span>`);
  expect(second.html).toContain('1 placed, 1 refused');
  const file = await desk.customer.post('/app/mass', { ...fields, do: 'csv' });
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="list-/);
  expect(file.html).toMatch(
    /^line,status,order,code,title,detail,text\r\n1,placed,\d+,,,,\d+\|https:\/\/example.com\/mass\/1\|10\r\n2,refused,,quantity_below_min,/,
  );
  expect((await desk.orders()).filter(({ link }) => link === 'https://example.com/mass/1')).toHaveLength(1);
});

it('a list that was changed after its check is checked again, and nothing is placed', async () => {
  const line = (name: string) => `${desk.on.shop.service}|https://example.com/changed/${name}|10`;
  const fields = await desk.fields('/app/mass', { lines: `${line('1')}\n${line('2')}` });
  const checked = hiddenFields((await desk.customer.post('/app/mass', { ...fields, do: 'check' })).html);
  const changed = { ...checked, lines: `${fields.lines}\n${line('3')}`, do: 'place' };
  const again = await desk.customer.post('/app/mass', changed);
  expect(again.status).toBe(409);
  expect(again.html).toContain('The list was changed after its check.');
  expect(again.html).toContain('3 lines would be taken');
  expect((await desk.orders()).filter(({ link }) => link.includes('/changed/'))).toEqual([]);
  // A browser writes line ends in its own way.
  const sent = { ...hiddenFields(again.html), lines: changed.lines.replaceAll('\n', '\r\n'), do: 'place' };
  expect((await desk.customer.post('/app/mass', sent)).html).toContain('3 placed, 0 refused');
});

it('a large list shows how far it is', async () => {
  const { service } = desk.on.shop;
  const line = (n: number) => `${service}|https://example.com/large/${n}|${n === 100 ? 10 : 1}`;
  const lines = Array.from({ length: 101 }, (_, n) => line(n)).join('\n');
  const { location } = await desk.send('/app/mass', await desk.fields('/app/mass', { lines }));
  expect(location).toMatch(/^\/app\/mass\/\d+$/);
  await expect
    .poll(async () => (await desk.customer.get(location)).html)
    .toContain('is-partial">ended: 100 refused of 101');
  expect((await desk.customer.get(`${location}/lines`)).html).toContain('the minimum is 10');
  expect((await desk.customer.get(location)).html).toContain(`<a href="${location}?status=refused">100</a>`);
  expect((await desk.customer.get(location)).html).not.toContain('Cancel the waiting lines');
  expect((await desk.customer.get(`${location}?status=placed`)).html).not.toContain('the minimum is 10');
  const file = (await desk.customer.get(`${location}/csv`)).html.trim().split('\r\n');
  expect(file).toHaveLength(102);
  expect(file[1]).toContain(',https://example.com/large/0,1');
});
