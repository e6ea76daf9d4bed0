import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { ASSETS_FOLDER } from '../assets-folder.ts';
import type { ApiEnv } from '../http/context.ts';

const { resolve } = createRequire(ASSETS_FOLDER);

/** What pages load beside their HTML, by the name in the url. */
const FILES = {
  'style.css': './style.css',
  'page.js': './page.js',
  'queue.js': './queue.js',
  'chart.js': './chart.js',
  'htmx.js': 'htmx.org/dist/htmx.min.js',
  'uplot.js': 'uplot/dist/uPlot.iife.min.js',
  'uplot.css': 'uplot/dist/uPlot.min.css',
} as const;

export type AssetName = keyof typeof FILES;

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;

interface Asset {
  readonly url: string;
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly brotli: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

function read(name: AssetName): Asset {
  // Without the comment that points to a source map, which is not served.
  const text = readFileSync(resolve(FILES[name]), 'utf8').replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '');
  const plain = new Uint8Array(Buffer.from(text));
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 12);
  const [stem, ending] = name.split('.') as [string, keyof typeof TYPES];
  return {
    url: `/assets/${stem}.${hash}.${ending}`,
    type: TYPES[ending],
    plain,
    brotli: new Uint8Array(brotliCompressSync(plain)),
    gzip: new Uint8Array(gzipSync(plain, { level: 9 })),
  };
}

const kept = new Map<AssetName, Asset>();

/** Read and compressed when a page needs it first. */
function assetNamed(name: AssetName): Asset {
  const asset = kept.get(name) ?? read(name);
  kept.set(name, asset);
  return asset;
}

/** The url of an asset. It changes with the content, so browsers may keep the asset for ever. */
export const assetUrl = (name: AssetName): string => assetNamed(name).url;

const accepts = (header: string | undefined, encoding: string): boolean =>
  (header ?? '').split(',').some((one) => one.trim().split(';')[0] === encoding);

export function assetRoutes(): Hono<ApiEnv> {
  return new Hono<ApiEnv>().get('/assets/:file', (c) => {
    const names = Object.keys(FILES) as AssetName[];
    const asset = names.map(assetNamed).find(({ url }) => url === c.req.path);
    if (asset === undefined) return c.notFound();
    c.header('Content-Type', asset.type);
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('Vary', 'Accept-Encoding');
    const wanted = c.req.header('accept-encoding');
    if (accepts(wanted, 'br')) return c.body(asset.brotli, 200, { 'Content-Encoding': 'br' });
    if (accepts(wanted, 'gzip')) return c.body(asset.gzip, 200, { 'Content-Encoding': 'gzip' });
    return c.body(asset.plain);
  });
}
