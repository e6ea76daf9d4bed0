import type { Child } from 'hono/jsx';
import { expect, test } from 'vitest';
import { LookedAt } from '../../api/pages/ops/orders/stuck.tsx';
import { markupOf } from '../../api/pages/view/document.ts';
import {
  Amount,
  Booked,
  Due,
  Field,
  inputOf,
  Pager,
  Progress,
  Said,
  Status,
  StatusSaid,
  Target,
} from '../../api/pages/view/parts.tsx';
import { Row, Table } from '../../api/pages/view/table.tsx';

const shown = (part: Child): Promise<string> => markupOf(part);

test('a target is a link only when it is one, and leads away without a referrer', async () => {
  expect(await shown(<Target link="https://example.com/p" />)).toBe(
    '<a class="target" href="https://example.com/p" rel="noreferrer noopener external">https://example.com/p</a>',
  );
  for (const link of ['javascript:alert(1)', 'data:text/html,x', 'a_user', ' https://example.com']) {
    expect(await shown(<Target link={link} />)).not.toContain('href');
  }
});

test('text from outside stays text', async () => {
  expect(await shown(<Target link={'"><img src=x>'} />)).toBe(
    '<span class="target">&quot;&gt;&lt;img src=x&gt;</span>',
  );
});

test('what a program said is in words, with its times as times', async () => {
  expect(await shown(<Said text="UND_ERR_SOCKET" />)).toBe(
    'the connection ended before the answer was complete (UND_ERR_SOCKET)',
  );
  const why = await shown(<Said text="nothing was delivered since 2026-11-27T13:53:43Z" />);
  expect(why).toMatch(
    /^nothing was delivered since <time datetime="2026-11-27T13:53:43Z"[^>]*>2026-11-27 13:53:43 UTC</,
  );
  for (const text of ['constructor', 'since 2026-99-99T13:53:43Z', ''])
    expect(await shown(<Said text={text} />)).toBe(text);
  expect(await shown(<Said text="<b>" />)).toBe('&lt;b&gt;');
});

test('a share is a bar beside its number', async () => {
  expect(await shown(<Progress percent={43} />)).toContain('<progress max="100" value="43" aria-label="delivered">');
});

test('attention stands beside the status', async () => {
  const html = await shown(<Status status="In progress" attention="stalled" />);
  expect(html).toContain('<span class="badge is-in-progress">In progress</span>');
  expect(html).toContain('<span class="badge is-attention">stalled</span>');
  expect(await shown(<Status status="Completed" attention="none" />)).not.toContain('attention');
});

test('what was booked shows its date, and script keeps it', async () => {
  expect(await shown(<Booked at="2026-11-27T06:56:06.000Z" />)).toBe(
    '<time datetime="2026-11-27T06:56:06.000Z" data-exact="true">2026-11-27 06:56:06 UTC</time>',
  );
});

test('a time at which something is due is no distance into the past', async () => {
  const at = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
  expect(await shown(<Due at={at(-51)} />)).toBe('<span>due</span>');
  expect(await shown(<Due at={at(7_230)} />)).toContain('>in 2 h<');
  expect(await shown(<Due at={null} />)).toContain('–');
});

test('an amount keeps every decimal', async () => {
  expect(await shown(<Amount of="0.00000001" />)).toContain('0.00000001');
});

test('an input is read with its hint and its error', async () => {
  const field = { name: 'quantity', label: 'Quantity', hint: 'From 10', error: 'the minimum is 10' };
  const html = await shown(
    <Field {...field}>
      <input {...inputOf(field)} />
    </Field>,
  );
  expect(html).toContain('<label for="quantity">Quantity</label>');
  expect(html).toContain('aria-describedby="quantity-hint quantity-error" aria-invalid="true"');
  expect(html).toContain('<p class="error" id="quantity-error">the minimum is 10</p>');
});

test('a cell of a card has the name of its column', async () => {
  const columns = [{ name: 'Order' }, { name: 'Charge', kind: 'number' }] as const;
  const html = await shown(
    <Table columns={columns} caption="Orders">
      <Row columns={columns} cells={[1, '2.00']} />
    </Table>,
  );
  expect(html).toContain('<td class="number" data-label="Charge">2.00</td>');
  expect(html).toContain('<th scope="col" class="number">Charge</th>');
});

test('a row is named by its first cell that is no action', async () => {
  const columns = [{ name: 'Select', kind: 'action' }, { name: 'Order' }, { name: 'Charge' }] as const;
  const html = await shown(<Row columns={columns} cells={['', 7, '2.00']} />);
  expect(html).toBe(
    '<tr><td class="action" data-label="Select"></td><th scope="row" data-label="Order">7</th><td data-label="Charge">2.00</td></tr>',
  );
});

test('a status is said with what needs attention', async () => {
  const html = await shown(<StatusSaid id={7} status="In progress" attention="stalled" />);
  expect(html).toContain('>Order 7: In progress, stalled</p>');
});

test('the next page keeps the filters of this one', async () => {
  const here = new URL('http://desk.example/app/orders?status=Partial');
  expect(await shown(<Pager here={here} next="after-7" />)).toContain('/app/orders?status=Partial&amp;cursor=after-7');
  expect(await shown(<Pager here={here} next={null} />)).toBe('');
});

test('a page that found no quiet order says how many it looked at, and leads to the next ones', async () => {
  const next = '/ops/stuck?quiet=6&cursor=abc';
  const html = await shown(<LookedAt orders={100} quiet={0} hours="6" next={next} />);
  expect(html).toContain('Of the 100 orders that this page looked at, 0 got nothing for 6 h.');
  expect(html).toContain('<a href="/ops/stuck?quiet=6&amp;cursor=abc" rel="next">Look at the next 100</a>');
});
