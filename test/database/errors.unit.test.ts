import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatabaseDeadline } from '../../db/client.ts';
import { isDatabaseTrouble, isPermanent, nameOfError } from '../../db/errors.ts';
import { runs } from '../support/run/scale.ts';

const postgresError = (code: string) => Object.assign(new Error('it says no'), { name: 'PostgresError', code });
const driverError = (code: string) => Object.assign(new Error(`${code}: no`), { code });

describe('an error of the database', () => {
  it('of any SQLSTATE is either of the moment or for good, never both and never neither', () => {
    const digit = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    const state = fc.string({ unit: digit, minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(state, (code) => {
        const error = postgresError(code);
        expect([isDatabaseTrouble(error), isPermanent(error)].filter(Boolean)).toHaveLength(1);
      }),
      { numRuns: runs(5_000) },
    );
  });

  it.each(['08006', '25006', '28P01', '40001', '40P01', '53100', '53200', '55P03', '57014', '57P03', '58030', 'XX000'])(
    'that is over sooner or later is tried again (%s)',
    (code) => expect([isDatabaseTrouble(postgresError(code)), isPermanent(postgresError(code))]).toEqual([true, false]),
  );

  it.each([
    '0A000',
    '21000',
    '22021',
    '22P05',
    '22003',
    '23505',
    '23514',
    '2F005',
    '42501',
    '42P01',
    '54000',
    'P0001',
    'HF003',
  ])('that comes each time is not (%s)', (code) =>
    expect([isDatabaseTrouble(postgresError(code)), isPermanent(postgresError(code))]).toEqual([false, true]),
  );

  it('is of the moment when there is no connection, or no answer', () => {
    for (const error of [new DatabaseDeadline('late'), driverError('ECONNREFUSED'), driverError('CONNECTION_CLOSED')])
      expect([isDatabaseTrouble(error), isPermanent(error)]).toEqual([true, false]);
  });
});

describe('any other error', () => {
  it('is for good where the code is wrong', () => {
    for (const error of [driverError('UNDEFINED_VALUE'), new TypeError('x is not a function'), new RangeError('date')])
      expect(isPermanent(error)).toBe(true);
  });

  it('is tried again where nothing says that it comes each time', () => {
    expect(isPermanent(new Error('Temporal is away'))).toBe(false);
  });

  it('has a name that quotes nothing', () => {
    const quoting = Object.assign(postgresError('22P02'), { message: 'invalid input: "https://example.com/private"' });
    expect([nameOfError(quoting), nameOfError(new TypeError('secret')), nameOfError('secret')]).toEqual([
      '22P02',
      'TypeError',
      'an unknown error',
    ]);
  });
});
