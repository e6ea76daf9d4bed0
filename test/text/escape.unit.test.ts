import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerText, mailJson, markdownText } from '../../domain/text/escape.ts';
import type { WorkflowView } from '../../workflows/contract.ts';
import { details } from '../../workflows/order/details.ts';
import { runs } from '../support/run/scale.ts';

/** Text from people, providers and attackers, in any combination. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '[click](https://evil.example)',
      '![x](https://evil.example/x.png)',
      '# big',
      '- item',
      '1. one',
      '> said',
      '`code`',
    ],
    ...[
      '<b>bold</b>',
      '<script>',
      '&amp;',
      '&#58;',
      '**strong**',
      '_under_',
      '~~gone~~',
      '| a | b |',
      '---',
      '===',
      '$x$',
    ],
    ...[
      'https://evil.example/a',
      'www.evil.example',
      'a@evil.example',
      '<https://evil.example>',
      '[^1]: note',
      '\\[x](y)',
    ],
    ...[
      '\n',
      '\r\n',
      '\u2028',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u2060',
      '\u0000',
      '    ',
      '\t',
      '```\n',
      '[ ] task',
      ':',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const texts = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

/** The text that a CommonMark reader shows: a backslash makes the next punctuation character literal. */
const shown = (markdown: string): string => markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1').replaceAll('\u2060', '');

describe('text from outside, in Markdown', () => {
  it('is shown as it is, on one line', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const plain = text
          .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
          .replace(/\s+/gu, ' ')
          .trim();
        expect(shown(markdownText(text))).toBe(plain);
        expect(markdownText(text)).not.toMatch(/[\n\r\u2028\u2029]/);
      }),
      { numRuns: runs(5_000) },
    );
  });

  it('makes no link, image, code, emphasis, HTML, list or heading', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const markdown = markdownText(text);
        const bare = markdown.replace(/\\[!-/:-@[-`{-~]/g, '');
        expect(bare).not.toMatch(/[\\`*_[\]<>&~|$!^]/);
        expect(markdown).not.toMatch(/https?:\/\/|www\.|@[-\w]|^\s/i);
        expect(markdown).not.toMatch(/^(?:[-+#=:>]|\d+[.)])/);
      }),
      { numRuns: runs(5_000) },
    );
  });

  it('leaves plain words as they are', () => {
    for (const plain of ['too slow', '2026-11-21T12:00:00Z order.paused by ann', 'Followers, worldwide', '李雷 🚀'])
      expect(markdownText(plain)).toBe(plain);
  });
});

it('the details of an order show a reason, an actor and a provider’s order id as text', () => {
  const evil = '[Temporal](https://evil.example) **x** <img src=x>\n# see https://evil.example';
  const view = {
    ...{ orderId: 1, status: 'In progress', attention: 'none', reason: null, totalQuantity: 10, delivered: 0 },
    ...{
      price: '1',
      charge: '1',
      refunded: '0',
      runs: 1,
      runsBegun: 1,
      nextRunAt: null,
      queued: false,
      refillUntil: null,
    },
    refill: null,
    batches: [{ batch: 1, quantity: 10, state: 'running', attempt: 1, provider: 1, providerOrder: evil, delivered: 0 }],
    events: [`2026-11-21T12:00:00Z order.paused by staff (Temporal UI): ${evil} (why: ${evil})`],
  } as unknown as WorkflowView;
  const text = details(view);
  expect(text).not.toMatch(/\]\(|https?:\/\/|(?<!\\)<img|^# /m);
  expect(text.split('\n').filter((line) => line.includes('evil'))).toHaveLength(2);
});

describe('text from outside, in a mail', () => {
  it('is JSON that reads back as it was, with nothing unseen in it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const json = mailJson({ link: text });
        expect(JSON.parse(json)).toEqual({ link: text });
        expect(json.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(json.split('\n')).toHaveLength(3);
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('ends no header', () => {
    expect(headerText('order.partial\r\nBcc: all@evil.example\u2028x')).toBe('order.partial Bcc: all@evil.example x');
  });
});
