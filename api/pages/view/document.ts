import { html } from 'hono/html';
import type { Child } from 'hono/jsx';

/** A whole document; `<!doctype html>` keeps browsers out of their quirks mode. */
export const documentOf = (body: Child) => html`<!doctype html>${body}`;

/** HTML without a document around it, for a part of a page. */
export const markupOf = async (body: Child): Promise<string> => String(await html`${body}`);
