import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { OpenAPIHono } from '@hono/zod-openapi';
import { pino } from 'pino';
import { describe, expect, it, test } from 'vitest';
import type { ApiEnv } from '../../api/http/context.ts';
import { csvAnswer, csvLine, pagesFrom } from '../../api/http/csv.ts';
import { createHttpServer } from '../../api/http/server.ts';

describe('a cell of a CSV file', () => {
  it.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', ' =1+1', '\t=1', '\r=1', '＝1+1', '+41 79 123', '-'])(
    'shows %j as text, where a spreadsheet would run it',
    (text) => {
      const [cell = ''] = csvLine([text]).split('\r\n');
      expect(cell.replace(/^"/, '').startsWith("'")).toBe(true);
    },
  );

  it.each([
    ['https://a.b/;=1+1;', "https://a.b/;'=1+1;"],
    ['a; @SUM(A1)', "a; '@SUM(A1)"],
    ['a\t+1', "a\t'+1"],
    ['=1;-1', "'=1;'-1"],
    ['a;＝1', "a;'＝1"],
  ])('shows %j as text too where a semicolon or a tab separates cells', (text, cell) => {
    expect(csvLine([text])).toBe(`${cell}\r\n`);
  });

  it.each(['https://a.b/p;v=1?a=-1&b=@c', 'a;b=1', 'x=1', 'a-b;c+d'])('leaves %j as it is', (text) => {
    expect(csvLine([text])).toBe(`${text}\r\n`);
  });

  it('has an amount of money as the number that it is', () => {
    expect(csvLine(['-0.9', '12', 0, -5, null])).toBe('-0.9,12,0,-5,\r\n');
  });

  it('quotes what would break out of it', () => {
    expect(csvLine(['a,b', 'say "x"', 'two\nlines', ' blank', 'plain'])).toBe(
      '"a,b","say ""x""","two\nlines"," blank",plain\r\n',
    );
    expect(csvLine(['=HYPERLINK("http://x","y")'])).toBe('"\'=HYPERLINK(""http://x"",""y"")"\r\n');
  });
});

test('a file that breaks off breaks its connection: it never looks whole', async () => {
  const app = new OpenAPIHono<ApiEnv>();
  const readUpTo =
    (last: number) =>
    async (after = 0) => {
      if (after === 2) throw new Error('the database is gone');
      return { rows: [after + 1], next: after + 1 === last ? null : after + 1 };
    };
  const fileTo = (last: number) => ({
    name: 'numbers',
    columns: { number: (row: number) => row },
    pages: pagesFrom(undefined, readUpTo(last)),
  });
  app.get('/whole', (c) => csvAnswer(c, { log: pino({ level: 'silent' }) }, fileTo(2)));
  app.get('/broken', (c) => csvAnswer(c, { log: pino({ level: 'silent' }) }, fileTo(9)));
  const server = createHttpServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await (await fetch(`${url}/whole`)).text()).toBe('number\r\n1\r\n2\r\n');
  await expect(fetch(`${url}/broken`).then((answer) => answer.text())).rejects.toThrow();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
