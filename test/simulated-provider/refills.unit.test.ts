import { describe, expect, it } from 'vitest';
import { readRefillAnswer, readRefillReports, refillStatusesOf } from '../../domain/provider/answers.ts';

const asked = ['1', '2', '3'];
const answer = (said: unknown, orders = asked, status = 200) => {
  const words = readRefillAnswer(status, typeof said === 'string' ? said : JSON.stringify(said), orders);
  if (words === undefined || words === 'notNow') return words;
  return Object.fromEntries(
    [...words].map(([order, word]) => [order, word.kind === 'taken' ? word.refill : 'refused']),
  );
};

describe('the answer to the wish for a refill', () => {
  it('speaks of each order in its own row', () => {
    expect(
      answer([
        { order: 1, refill: 5 },
        { order: '2', refill: '6' },
        { order: 3, refill: { error: 'Incorrect order ID' } },
      ]),
    ).toEqual({ 1: '5', 2: '6', 3: 'refused' });
    expect(answer([{ order: 1, error: 'Order not eligible for refill.' }])).toEqual({ 1: 'refused' });
    expect(answer([{ order: 1, refill: 5, error: '' }])).toEqual({ 1: '5' });
  });

  it.each([
    [{ refill: '5' }, { 7: '5' }],
    [{ refill: 5 }, { 7: '5' }],
    [{ refill: 5, error: null }, { 7: '5' }],
    [{ order: 7, refill: 5 }, { 7: '5' }],
    [[{ order: 7, refill: 5 }], { 7: '5' }],
    [{ error: 'Order not eligible for refill.' }, { 7: 'refused' }],
    [{ refill: { error: 'Order not eligible for refill.' } }, { 7: 'refused' }],
    [{ error: 'Incorrect action' }, { 7: 'refused' }],
  ])('about a single order may be %j', (said, words) => {
    expect(answer(said, ['7'])).toEqual(words);
  });

  it.each([
    [[{ order: 4, refill: 5 }]],
    [[{ refill: 5 }]],
    [[null, 5, 'x', []]],
    [[{ order: 1, refill: 0 }]],
    [[{ order: 1, refill: 'soon enough' }]],
    [[{ order: 1, refill: 5, error: 'Order not eligible for refill.' }]],
    [[{ order: 1, refill: { error: 'Rate limit exceeded' } }]],
    [{ refill: 5 }],
    [{ status: 'success' }],
  ])('%j says nothing of any order that was asked about', (said) => {
    expect(answer(said)).toEqual({});
  });

  it('to many that is one error is a refusal of them all, also with a status that panels should not use', () => {
    const all = { 1: 'refused', 2: 'refused', 3: 'refused' };
    expect(answer({ error: 'You are not eligible to send refill request.' })).toEqual(all);
    expect(answer({ error: 'You are not eligible to send refill request.' }, asked, 400)).toEqual(all);
    expect(answer('Bad Request', asked, 422)).toEqual(all);
  });

  it.each([
    [{ error: 'Rate limit exceeded' }, 200],
    [{ error: 'Invalid API key' }, 200],
    ['', 401],
    ['<html>', 429],
    ['<html>', 404],
  ])('%j with HTTP %i is no refusal: the provider is in trouble', (said, status) => {
    expect(answer(said, asked, status)).toBe('notNow');
  });

  it.each([
    ['', 200],
    ['<html>Cloudflare</html>', 200],
    ['[]', 200],
    ['[{"order":1,', 200],
    ['{"order":1,"refill":5}', 502],
    [{ error: 'Order not eligible for refill.' }, 500],
    ['', 302],
  ])('%j with HTTP %i is no answer', (said, status) => {
    expect(answer(said, asked, status)).toBeUndefined();
  });
});

describe('what a provider says of its refills', () => {
  const said = (words: unknown, refills = asked, status = 200) =>
    Object.fromEntries(refillStatusesOf(readRefillReports(status, JSON.stringify(words), refills)));

  it('is read row by row, whatever the others are', () => {
    expect(
      said([
        { refill: 1, status: 'Completed' },
        { refill: '2', status: 'in_progress' },
        { refill: 3, status: { error: 'Refill not found' } },
        { refill: 4, status: 'Rejected' },
        null,
        'x',
        { status: 'Completed' },
      ]),
    ).toEqual({ 1: 'Completed', 2: 'In progress' });
    expect(
      said([
        { refill: 1, status: 'Reticulating' },
        { refill: 2, status: 'constructor' },
      ]),
    ).toEqual({});
  });

  it('of a single one may be the plain object', () => {
    expect(said({ status: 'REJECTED' }, ['9'])).toEqual({ 9: 'Rejected' });
    expect(said({ refill: 9, status: 'Cancelled' }, ['9'])).toEqual({ 9: 'Rejected' });
    expect(said({ status: 'Completed' })).toEqual({});
  });

  it.each<object>([
    { status: 'fail', message: 'Incorrect request' },
    { status: 'failed', error: 'Too many requests' },
    { status: 'Rejected', message: 'Incorrect refill ID' },
    { status: 'success', data: { status: 'Pending' } },
    { status: 'fail' },
    { status: 'error' },
  ])('is not the reply %j to the call', (reply) => {
    expect(said(reply, ['9'])).toEqual({});
  });

  it('is heard with a remark in its own row, and not with an error', () => {
    expect(said({ refill: 9, status: 'Rejected', message: 'No drop', error: '' }, ['9'])).toEqual({ 9: 'Rejected' });
    expect(said([{ refill: 1, status: 'Fail' }])).toEqual({ 1: 'Rejected' });
    expect(said([{ refill: 1, status: 'Rejected', error: 'Too many requests' }])).toEqual({});
  });

  it.each([[{ error: 'Refill not found' }], [[]], [{}], [null], [5]])('%j changes nothing', (words) => {
    expect(said(words)).toEqual({});
  });

  it('with another HTTP status changes nothing', () => {
    expect(said([{ refill: 1, status: 'Completed' }], asked, 500)).toEqual({});
  });
});
