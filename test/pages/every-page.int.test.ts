import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CUSTOMER_PAGES } from '../../api/pages/app/index.ts';
import { createKey } from '../../db/account/accounts.ts';
import { postButtons } from '../support/pages/forms.ts';
import { ResellerDesk, SCRIPT } from '../support/worlds/reseller-desk.ts';
import { openVisitor } from '../support/worlds/visitor.ts';

let desk: ResellerDesk;

beforeAll(async () => {
  desk = await ResellerDesk.open();
});
afterAll(() => desk.close());

/** Addresses of every page that shows a document. */
const addresses = (): string[] =>
  CUSTOMER_PAGES.map(({ path }) => path)
    .filter((path) => !/live|price|lines|csv|mass\/:id|webhooks/.test(path))
    .map((path) => `/app${path === '/' ? '' : path}`)
    .map((path) =>
      path
        .replace('/orders/:id', `/orders/${desk.order}`)
        .replace('/services/:id', `/services/${desk.on.shop.service}`),
    )
    .map((path) => (/orders\/(?:cancel|copy)$/.test(path) ? `${path}?ids=${desk.order}` : path))
    .concat(desk.newOrder);

describe('every page', () => {
  it('runs no inline script or style, loads only from here, and is kept by no cache', async () => {
    for (const address of addresses()) {
      const { status, headers, html } = await desk.customer.get(address);
      expect([address, status]).toEqual([address, 200]);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('cache-control')).toBe('no-store');
      expect(html).toMatch(/^<!doctype html>/);
      expect(html).not.toMatch(/<script(?! src="\/assets\/)|<style|\sstyle=|\son\w+=|javascript:/);
      const loaded = [...html.matchAll(/(?:src|<link rel="stylesheet" href)="([^"]+)"/g)].map(([, url = '']) => url);
      expect(loaded.filter((url) => !url.startsWith('/assets/'))).toEqual([]);
    }
  });

  it('weighs at most 30 kB compressed beside uPlot, and its assets are kept for ever', async () => {
    const weights = new Map<string, number>();
    const weightOf = async (url: string): Promise<number> => {
      const asset = await fetch(desk.on.api.url + url, { headers: { 'accept-encoding': 'br' } });
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(asset.headers.get('content-encoding')).toBe('br');
      return url.includes('uplot') ? 0 : brotliCompressSync(Buffer.from(await asset.arrayBuffer())).length;
    };
    for (const address of addresses()) {
      const { html } = await desk.customer.get(address);
      let bytes = brotliCompressSync(html).length;
      for (const [, url = ''] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
        const weight = weights.get(url) ?? (await weightOf(url));
        weights.set(url, weight);
        bytes += weight;
      }
      expect([address, bytes < 30_000]).toEqual([address, true]);
    }
  });

  it('replaces no part of itself by a refusal, which is a whole page', async () => {
    const { html } = await desk.customer.get(desk.newOrder);
    const [, config = ''] = /<meta name="htmx-config" content="([^"]+)"/.exec(html) ?? [];
    expect(JSON.parse(config.replaceAll('&quot;', '"')).noSwap).toEqual([204, 304, '4xx', '5xx']);
  });

  it('lists the key for the search where there is one', async () => {
    for (const address of addresses()) {
      const { html } = await desk.customer.get(address);
      expect([address, html.includes('<dd>search</dd>')]).toEqual([address, html.includes('data-search')]);
    }
  });

  it('shows script in names, links and references as text', async () => {
    const { html } = await desk.customer.get(`/app/orders/${desk.order}`);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    for (const address of addresses()) expect((await desk.customer.get(address)).html).not.toContain(SCRIPT);
  });

  it('that does not exist, and an order of another account, say so', async () => {
    const other = await desk.on.world.shop();
    for (const address of [
      '/app/nothing',
      `/app/orders/${await other.order()}`,
      '/app/orders/x',
      '/app/services/999999',
    ]) {
      const { status, html } = await desk.customer.get(address);
      expect([address, status]).toEqual([address, 404]);
      expect(html).toContain('It does not exist, or it belongs to another account.');
    }
  });
});

it('a key that reads orders alone gets pages without dead ends, and nothing to press that v1 refuses', async () => {
  const reader = openVisitor(desk.on.api.url);
  const wanted = { accountId: desk.on.shop.account, name: 'reads alone', scopes: ['orders:read'] } as const;
  await reader.signIn((await createKey(desk.on.world.sql, wanted)).key);
  const left = ['/app'];
  const seen = new Set(left);
  const buttons = new Set<string>();
  for (let address = left.shift(); address !== undefined; address = left.shift()) {
    const { status, html } = await reader.get(address);
    expect([address, status]).toEqual([address, 200]);
    for (const { action, fields } of postButtons(html, address)) {
      buttons.add([action.split('?')[0], fields.findLast(([name]) => name === 'do')?.[1]].filter(Boolean).join(' '));
    }
    for (const [, link = ''] of html.matchAll(/href="(\/app[^"#]*)"/g)) {
      const path = link.replaceAll('&amp;', '&');
      // One order and one service stand for all.
      const kind = path.split('?')[0]?.replace(/\d+$/, ':id') ?? '';
      if (kind.endsWith('/csv') || seen.has(kind)) continue;
      seen.add(kind);
      left.push(path);
    }
  }
  expect([...seen].sort()).toEqual(
    ['', '/developers', '/orders', '/orders/:id', '/refills', '/services', '/services/:id', '/sessions'].map(
      (path) => `/app${path}`,
    ),
  );
  expect([...buttons].sort()).toEqual(['/app/orders find', '/app/sessions', '/app/sign-out']);
  expect((await reader.get('/app/mass')).status).toBe(403);
});
