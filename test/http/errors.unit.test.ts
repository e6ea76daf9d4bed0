import { describe, expect, it } from 'vitest';
import { ERRORS, isErrorCode, Refusal } from '../../domain/errors.ts';

describe('every error a caller can get', () => {
  it.each(Object.entries(ERRORS))('%s has a status, a title and a text for panel clients', (code, kind) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(Number.isInteger(kind.status) && kind.status >= 400 && kind.status < 600).toBe(true);
    expect(kind.title).toMatch(/^[A-Z].*[^.\s]$/);
    expect(kind.v2).toMatch(/\S/);
    expect(kind.v2).toBe(kind.v2.trim());
  });

  it('keeps the texts that real panel clients compare letter by letter', () => {
    expect(ERRORS.insufficient_funds.v2).toBe('neworder.error.not_enough_funds');
    expect(ERRORS.duplicate_link.v2).toBe('neworder.error.link_duplicate');
    expect(ERRORS.unknown_service.v2).toBe('error.incorrect_service_id');
    expect(ERRORS.unauthorized.v2).toBe('Invalid API key');
    expect(ERRORS.order_not_found.v2).toBe('Incorrect order ID');
  });

  it('is known by its code and by nothing else', () => {
    expect(isErrorCode('insufficient_funds')).toBe(true);
    expect(isErrorCode('constructor')).toBe(false);
    expect(isErrorCode('')).toBe(false);
  });

  it('says what a person can read, its own sentence or the title', () => {
    expect(new Refusal('invalid_link').message).toBe(ERRORS.invalid_link.title);
    expect(new Refusal('quantity_below_min', 'the minimum is 10')).toMatchObject({
      message: 'the minimum is 10',
      detail: 'the minimum is 10',
      code: 'quantity_below_min',
    });
  });
});
