import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRequest } from '../../domain/order/asks.ts';
import { ATTENTIONS } from '../../domain/order/status.ts';
import { allowedResolutions, readResolution } from '../../domain/review/resolution.ts';
import { HandDrivenOrder } from '../support/model/hand-driven-order.ts';

const docs = new URL('../../docs/', import.meta.url);
const text = readFileSync(new URL('support.md', docs), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const quoted = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word ?? '');

describe('docs/support.md', () => {
  it.each(ATTENTIONS.filter((attention) => attention !== 'none'))('says what can be decided about %s', (attention) => {
    const row = rows.find(([, name]) => name === attention);
    expect(quoted(row?.[3]).sort()).toEqual([...allowedResolutions(attention)].sort());
  });

  it('has messages to paste that an order takes', () => {
    const messages = rows.flatMap((row) => quoted(row[4]).filter((word) => word.startsWith('{')));
    expect(messages.length).toBeGreaterThan(8);
    for (const message of messages.map((json) => JSON.parse(json))) {
      expect(readRequest(new HandDrivenOrder().state, message)).toMatchObject({ by: 'staff (Temporal UI): ann' });
      if ('action' in message) expect(readResolution(message, 1000)).toMatchObject({ action: message.action });
    }
  });

  it('shows every picture there is, and no other', () => {
    const shown = [...text.matchAll(/\]\(images\/([^)]+)\)/g)].map(([, name]) => name);
    expect(shown.sort()).toEqual(readdirSync(new URL('images/', docs)).sort());
  });

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(new URL(link, docs)))).toEqual([]);
  });
});
