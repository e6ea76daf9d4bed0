import type { NewOrder, Service } from '../../../../client/openapi.ts';
import { isServiceType, ruleOf } from '../../../../domain/catalogue/service-types.ts';
import { FIELDS, type FieldName } from '../../../../domain/placement/order-fields.ts';
import { pathOf } from '../../../placement/quote-faults.ts';
import { textOf } from '../../page.ts';
import type { V1Problem } from '../../v1.ts';
import { count, whyRefused } from '../../view/formats.ts';

/** A field of the form for a new order. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly shape: 'text' | 'number' | 'lines' | 'url' | 'time';
  readonly isRequired?: boolean;
}

const WEB_TRAFFIC_SOURCES: readonly FieldName[] = ['google_keyword', 'referring_url'];

/** `answer_number` as `Answer number` */
const labelOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

const ofType = (name: FieldName, isRequired: boolean): FormField => {
  const { shape, says } = FIELDS[name];
  return { name, label: labelOf(name), hint: says, shape: shape === 'date' ? 'text' : shape, isRequired };
};

const quantityHint = ({ min, max, step }: Service): string =>
  `From ${count(min)} to ${count(max)}${step > 1 ? `, in steps of ${count(step)}` : ''}`;

/** The fields of an order of this service, in the order in which people fill them in. */
export function fieldsFor(service: Service): FormField[] {
  if (!isServiceType(service.type)) return [];
  const { target, quantity, needs, takes, dripFeed } = ruleOf(service.type);
  const more =
    service.type === 'Web Traffic' ? [...takes, ...WEB_TRAFFIC_SOURCES.filter((one) => !takes.includes(one))] : takes;
  return [
    ...(target === 'link' ? [{ name: 'link', label: 'Link', shape: 'url', isRequired: true } as const] : []),
    ...needs.map((name) => ofType(name, true)),
    ...(quantity === 'given'
      ? [
          {
            name: 'quantity',
            label: 'Quantity',
            hint: quantityHint(service),
            shape: 'number',
            isRequired: true,
          } as const,
        ]
      : []),
    ...more.map((name) => ofType(name, false)),
    ...(dripFeed && service.dripFeed
      ? [
          {
            name: 'runs',
            label: 'Runs',
            hint: 'For a drip-feed: the quantity is sent this many times',
            shape: 'number',
          } as const,
          { name: 'interval', label: 'Minutes between runs', shape: 'number' } as const,
        ]
      : []),
    { name: 'scheduledAt', label: 'Start at', hint: 'In UTC; empty: now', shape: 'time' },
    { name: 'maxCharge', label: 'Highest price', hint: 'The order is refused above it', shape: 'text' },
    { name: 'reference', label: 'Your reference', shape: 'text' },
  ];
}

/** What is wrong with each field of a form; `''` is for the whole form. */
export type FormErrors = Readonly<Record<string, string>>;

/** The number in a text, also with its digits grouped as the pages show it: `1,000`. */
function wholeNumber(text: string): number | undefined {
  const digits = /^\d{1,3}(?:[, ]\d{3})+$/.test(text) ? text.replaceAll(/[, ]/g, '') : text;
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** The body of POST /v1/orders that a form describes, or what cannot be a number or a time. */
export function bodyOf(service: number, form: FormData): { readonly body: NewOrder } | { readonly errors: FormErrors } {
  const errors: Record<string, string> = {};
  const number = (name: string): number | undefined => {
    const text = textOf(form, name);
    const value = wholeNumber(text);
    if (text !== '' && value === undefined) errors[name] = 'must be a whole number';
    return value;
  };
  const [quantity, runs, interval] = [number('quantity'), number('runs'), number('interval')];
  const start = textOf(form, 'scheduledAt');
  const at = Date.parse(`${start}Z`);
  if (start !== '' && Number.isNaN(at)) errors.scheduledAt = 'must be a date and a time';
  if (runs !== undefined && runs > 1 && interval === undefined) errors.interval ??= 'is needed for more than one run';
  if (Object.keys(errors).length > 0) return { errors };
  const texts = ['link', 'reference', 'maxCharge', ...Object.keys(FIELDS)].flatMap((name) => {
    const text = textOf(form, name);
    return text === '' ? [] : [[name, text] as const];
  });
  return {
    body: {
      service,
      ...Object.fromEntries(texts),
      ...(quantity === undefined ? {} : { quantity }),
      ...(runs === undefined || interval === undefined ? {} : { dripFeed: { runs, intervalMinutes: interval } }),
      ...(start === '' ? {} : { scheduledAt: new Date(at).toISOString() }),
    },
  };
}

/** The fields of the form by what v1 calls them. */
const BY_PATH: Readonly<Record<string, string>> = {
  dripFeed: 'runs',
  'dripFeed.runs': 'runs',
  'dripFeed.intervalMinutes': 'interval',
};

/** The field of the form for a field of the body. */
export const fieldOf = (path: string): string => BY_PATH[path] ?? path;

/** The refusal of v1 beside the fields that it is about. */
export function errorsOf({ code, title, detail, errors }: V1Problem, fields: readonly FormField[]): FormErrors {
  const isShown = (name: string): boolean => fields.some((field) => field.name === name);
  if (errors.length > 0) {
    return Object.fromEntries(
      errors.map(({ path, message }) => {
        const name = fieldOf(path);
        return isShown(name) ? [name, message] : ['', path === '' ? message : `${path}: ${message}`];
      }),
    );
  }
  const name = fieldOf(pathOf({ code, detail }) ?? '');
  return { [isShown(name) ? name : '']: whyRefused({ title, detail }) };
}
