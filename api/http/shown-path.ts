import type { Context } from 'hono';
import { storable } from '../../domain/text/storable.ts';

/** A key or secret that a client sends here by mistake must not be logged or stored. */
const SECRET = /(?:hf|whsec)_[^/]*/gi;

/**
 * The path of a request as logs and the list of recent requests show it: at most 200 characters, without a key. It can be stored:
 * the requests of all accounts are written together.
 */
export const shownPath = (c: Context): string => storable(c.req.path, 200).replaceAll(SECRET, '…');

/** Whether a text may be a key or secret of Holdfast. */
export const hasSecret = (text: string): boolean => text.search(SECRET) !== -1;
