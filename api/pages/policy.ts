import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../http/context.ts';

/** Pages load only what this server has, run no inline script and no inline style, and cannot be framed. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every page. No cache may keep a page that is for one account alone. */
export const pageHeaders = createMiddleware<ApiEnv>(async (c, next) => {
  c.header('Content-Security-Policy', POLICY);
  c.header('Cache-Control', 'no-store');
  await next();
});
