import type { ServiceChange, ServiceFile } from '../../../../client/openapi.ts';
import { SERVICE_TYPES } from '../../../../domain/catalogue/service-types.ts';
import { ROUTINGS } from '../../../../domain/dispatch/routing.ts';
import { REFILL_FALLBACKS } from '../../../../domain/refill/rules.ts';
import { textOf } from '../../page.ts';
import type { V1Problem } from '../../v1.ts';
import { whyRefused } from '../../view/formats.ts';

/** A field of a service's form. `optional`: an empty text is null. `list`: words between spaces or commas. */
export interface ServiceField {
  readonly name: Exclude<keyof ServiceChange, 'routes' | 'version'>;
  readonly label: string;
  readonly hint?: string;
  readonly shape: 'text' | 'decimal' | 'number' | 'optional' | 'list' | 'yes' | readonly string[];
  /** A new service cannot go without it. */
  readonly isRequired?: boolean;
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly ServiceField[];
}

/** All that staff can change of a service beside its routes, as people look for it. The first option of a choice is the usual one. */
export const GROUPS: readonly [FieldGroup, ...FieldGroup[]] = [
  {
    title: 'What is sold',
    fields: [
      { name: 'name', label: 'Name', shape: 'text', isRequired: true },
      { name: 'category', label: 'Category', shape: 'text', isRequired: true },
      { name: 'type', label: 'Type', shape: Object.keys(SERVICE_TYPES) },
      { name: 'rate', label: 'Rate', hint: 'For 1,000 items, or for a package', shape: 'decimal', isRequired: true },
      { name: 'min', label: 'Smallest quantity', shape: 'number', isRequired: true },
      { name: 'max', label: 'Largest quantity', shape: 'number', isRequired: true },
      { name: 'step', label: 'Step', hint: 'Quantities are multiples of it', shape: 'number' },
      { name: 'unlimitedPosts', label: 'Posts without a number', hint: 'Only for Subscriptions', shape: 'number' },
      { name: 'cancel', label: 'Customers can cancel', shape: 'yes' },
      { name: 'dripFeed', label: 'Drip-feed', hint: 'Only for Default and Web Traffic', shape: 'yes' },
    ],
  },
  {
    title: 'Routing and runs',
    fields: [
      {
        name: 'routing',
        label: 'A send takes the route that is',
        hint: 'order: first below. cheapest: by rate. fastest: by what was delivered lately',
        shape: ROUTINGS,
      },
      { name: 'afterFailedRun', label: 'After a run that failed', shape: ['continue', 'retry', 'stop'] },
    ],
  },
  {
    title: 'Refill',
    fields: [
      { name: 'refillDays', label: 'Days of refill', hint: '0: without refill', shape: 'number' },
      { name: 'refillCap', label: 'Refills of an order', shape: 'number' },
      { name: 'refillCooldownSeconds', label: 'Seconds between refills', shape: 'number' },
      { name: 'refillFallback', label: 'When the provider refuses', shape: REFILL_FALLBACKS },
    ],
  },
  {
    title: 'When it is late',
    fields: [
      { name: 'stallAfterSeconds', label: 'Stalled after', hint: 'Seconds without delivery', shape: 'number' },
      { name: 'reviewAfterSeconds', label: 'Review after', hint: 'Seconds In progress', shape: 'number' },
    ],
  },
  {
    title: 'Counting',
    fields: [
      {
        name: 'verify',
        label: 'Completed when',
        hint: 'counter: the target is counted',
        shape: ['provider', 'counter'],
      },
      { name: 'counterUrl', label: 'Counter', hint: 'Empty: the counter of the installation', shape: 'optional' },
      { name: 'counterTolerancePercent', label: 'May be short by, in %', shape: 'number' },
      { name: 'recheckSeconds', label: 'Seconds to the next count', shape: 'number' },
    ],
  },
  {
    title: 'Links',
    fields: [
      {
        name: 'linkPattern',
        label: 'Pattern',
        hint: 'A regular expression of RE2; empty: any link',
        shape: 'optional',
      },
      { name: 'duplicateLink', label: 'A link that is open already', shape: ['reject', 'queue', 'allow'] },
      { name: 'duplicateScope', label: 'Looked for in orders of', shape: ['account', 'all'] },
      {
        name: 'ignoredLinkParameters',
        label: 'Parameters that do not count',
        hint: 'With spaces between',
        shape: 'list',
      },
    ],
  },
];

export const FIELDS = GROUPS.flatMap(({ fields }) => fields);

/** Whether the service is sold: of an existing service alone. */
export const ACTIVE: ServiceField = { name: 'active', label: 'On sale', shape: 'yes' };

/** Texts of fields by their name, as a form has them; a box that is marked is `yes`. */
export type FieldTexts = ReadonlyMap<string, string>;

/** The fields of a service as texts. */
export const textsOf = (service: ServiceFile): FieldTexts =>
  new Map([ACTIVE, ...FIELDS].map(({ name }) => [name, textOfValue(service[name])]));

const textOfValue = (value: ServiceFile[ServiceField['name']]): string => {
  if (value === null || value === false) return '';
  if (value === true) return 'yes';
  return typeof value === 'object' ? value.join(' ') : String(value);
};

/** The fields of a form as texts. */
export const textsIn = (form: FormData): FieldTexts =>
  new Map([ACTIVE, ...FIELDS].map(({ name }) => [name, textOf(form, name)]));

/** What is wrong with each field of a form; `''` is for the whole form. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The values of these fields as v1 takes them, or what is wrong with them. */
export function valuesOf(
  fields: readonly ServiceField[],
  texts: FieldTexts,
): { readonly values: ServiceChange } | { readonly errors: FieldErrors } {
  const errors: Record<string, string> = {};
  const values = fields.map((field) => {
    const text = texts.get(field.name) ?? '';
    if (field.shape === 'number' && !/^\d{1,15}$/.test(text)) errors[field.name] = 'must be a whole number';
    return [field.name, readValue(field, text)];
  });
  return Object.keys(errors).length > 0 ? { errors } : { values: Object.fromEntries(values) as ServiceChange };
}

function readValue({ shape }: ServiceField, text: string): string | number | boolean | null | string[] {
  if (shape === 'number') return Number(text);
  if (shape === 'yes') return text !== '';
  if (shape === 'optional') return text === '' ? null : text;
  return shape === 'list' ? text.split(/[\s,;]+/).filter((word) => word !== '') : text;
}

/** The refusal of v1 beside the fields that it is about. */
export function errorsOf({ title, detail, errors }: V1Problem, known: (name: string) => boolean): FieldErrors {
  if (errors.length === 0) return { '': whyRefused({ title, detail }) };
  return Object.fromEntries(
    errors.map(({ path, message }) =>
      known(path) ? [path, message] : ['', path === '' ? message : `${placeOf(path)}: ${message}`],
    ),
  );
}

/** `routes.0.rate` as people count: `Route 1, rate`. */
const placeOf = (path: string): string =>
  path.replace(/^routes\.(\d+)\.?(.*)$/, (_, index: string, name: string) =>
    [`Route ${Number(index) + 1}`, name].filter(Boolean).join(', '),
  );
