import type { Child, FC } from 'hono/jsx';
import type { Attention } from '../../../../domain/order/status.ts';
import { MOST_EXTENSION_HOURS } from '../../../../domain/review/resolution.ts';
import type { FieldError } from '../../../http/problems.ts';
import { effectOf, RESOLUTION_NAMES, type ResolutionAction } from './resolutions.ts';

/** What was typed, and what v1 says is wrong with it. */
export interface Typed {
  readonly values: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[];
}

export const NOTHING_TYPED: Typed = { values: {}, errors: [] };

interface ChoicesProps {
  readonly actions: readonly ResolutionAction[];
  readonly attention: Attention | undefined;
  readonly typed: Typed;
  /** The most that can be delivered; without it v1 judges the number. */
  readonly totalQuantity?: number;
  /** The provider's orders that an attempt may have placed. */
  readonly candidates?: readonly string[];
}

const ErrorsOf: FC<{ name: string; typed: Typed }> = ({ name, typed: { errors } }) => (
  <>
    {errors
      .filter(({ path }) => path === name)
      .map(({ message }) => (
        <p class="error" id={`${name}-error`}>
          {message}
        </p>
      ))}
  </>
);

/** The field that a decision needs; its name is that of v1. */
function fieldOf(action: ResolutionAction, { typed, totalQuantity, candidates = [] }: ChoicesProps): Child {
  const { values, errors } = typed;
  const common = (name: string) => ({
    id: name,
    name,
    value: values[name] ?? '',
    ...(errors.some(({ path }) => path === name)
      ? { 'aria-invalid': 'true' as const, 'aria-describedby': `${name}-error` }
      : {}),
  });
  if (action === 'extend')
    return (
      <label for="hours">
        for{' '}
        <input
          {...common('hours')}
          value={values.hours ?? '24'}
          inputmode="decimal"
          size={5}
          max={MOST_EXTENSION_HOURS}
        />{' '}
        hours
      </label>
    );
  if (action === 'partial')
    return (
      <label for="delivered">
        with <input {...common('delivered')} inputmode="numeric" size={9} />
        {totalQuantity === undefined ? '' : ` of ${totalQuantity}`} delivered
      </label>
    );
  if (action === 'attach')
    return (
      <label for="providerOrder">
        as order <input {...common('providerOrder')} size={14} list="candidates" autocomplete="off" /> there
        <datalist id="candidates">
          {candidates.map((one) => (
            <option value={one} />
          ))}
        </datalist>
      </label>
    );
  return '';
}

const FIELD_NAMES: Partial<Record<ResolutionAction, string>> = {
  extend: 'hours',
  partial: 'delivered',
  attach: 'providerOrder',
};

/** The decisions to choose from, each with its field and what it does. A digit chooses one. */
export const Choices: FC<ChoicesProps> = (props) => (
  <fieldset class="decisions">
    <legend>Decision</legend>
    {props.actions.map((action, index) => (
      <div class="choice">
        <label>
          <input
            type="radio"
            name="action"
            value={action}
            required
            checked={props.typed.values.action === action}
            aria-describedby={`effect-${action}`}
          />{' '}
          <kbd data-needs-script>{index + 1}</kbd> {RESOLUTION_NAMES[action]}
        </label>{' '}
        {fieldOf(action, props)}{' '}
        <span class="quiet" id={`effect-${action}`}>
          {effectOf(action, props.attention)}
        </span>
        <ErrorsOf name={FIELD_NAMES[action] ?? action} typed={props.typed} />
      </div>
    ))}
  </fieldset>
);
