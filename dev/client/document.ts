import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import type { ApiDocument } from '../../api/openapi/document.ts';
import { openPools } from '../../api/pools.ts';

/** The OpenAPI document as the API serves it. Builds the app without engines: serving the document needs none. */
export async function apiDocument(): Promise<ApiDocument> {
  const app = createApp({
    ...openPools('postgres://127.0.0.1:1/none'),
    temporal: new Client({ connection: Connection.lazy() }),
    config: { CURRENCY: 'USD', HOLDFAST_MASTER_KEY: Buffer.alloc(32), ALLOW_LOOPBACK_URLS: false },
    log: pino({ level: 'silent' }),
  });
  const answer = await app.request('/openapi.json');
  return (await answer.json()) as ApiDocument;
}
