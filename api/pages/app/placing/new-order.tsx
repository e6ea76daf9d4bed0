import { randomUUID } from 'node:crypto';
import type { FC } from 'hono/jsx';
import type { Quote, Service } from '../../../../client/openapi.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { keyAfter } from '../../form-key.ts';
import { type Page, queryOf, redirect, textOf, type View, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { markupOf } from '../../view/document.ts';
import { money } from '../../view/formats.ts';
import { SEARCH_KEYS } from '../../view/layout.tsx';
import { Empty, Field, Heading, inputOf, Notice, PostForm } from '../../view/parts.tsx';
import { ServiceSearch, searchOf } from '../services/service-search.tsx';
import { offeredService } from '../services/services-read.ts';
import { bodyOf, errorsOf, type FormErrors, type FormField, fieldOf, fieldsFor } from './new-order-fields.ts';
import { Price, quoteOf } from './price.tsx';

const Input: FC<{ field: FormField; value: string; error: string | undefined }> = ({ field, value, error }) => {
  const { shape, isRequired = false } = field;
  const attributes = { ...inputOf({ ...field, error }), ...(isRequired ? { required: true } : {}) };
  if (shape === 'lines') return <textarea {...attributes}>{value}</textarea>;
  if (shape === 'time') return <input {...attributes} type="datetime-local" value={value} />;
  if (shape === 'number') return <input {...attributes} inputmode="numeric" value={value} autocomplete="off" />;
  return <input {...attributes} inputmode={shape === 'url' ? 'url' : 'text'} value={value} autocomplete="off" />;
};

interface FormProps {
  readonly visit: Visit;
  readonly service: Service;
  readonly form: FormData;
  readonly key: string;
  readonly errors: FormErrors;
  readonly quote?: Quote | undefined;
}

/** Fields that few orders need are folded. */
const RARE = ['scheduledAt', 'maxCharge', 'reference'];

const OrderForm: FC<{ given: FormProps }> = ({ given: { visit, service, form, key, errors, quote } }) => {
  const fields = fieldsFor(service);
  const show = (field: FormField) => (
    <Field {...field} error={errors[field.name]}>
      <Input field={field} value={textOf(form, field.name)} error={errors[field.name]} />
    </Field>
  );
  const rare = fields.filter(({ name }) => RARE.includes(name));
  const isOpen = rare.some(({ name }) => textOf(form, name) !== '' || errors[name] !== undefined);
  return (
    <PostForm token={visit.formToken} class="stack" action={`/app/new?service=${service.id}`}>
      <input type="hidden" name="key" value={key} />
      {fields.filter((field) => !rare.includes(field)).map(show)}
      <details open={isOpen}>
        <summary>Start, highest price, reference</summary>
        <fieldset>{rare.map(show)}</fieldset>
      </details>
      <div
        hx-post={`/app/new/price?service=${service.id}`}
        hx-trigger="input from:'closest form' delay:250ms"
        hx-include="closest form"
        hx-target="#price"
        hx-swap="outerHTML"
        aria-live="polite"
      >
        <Price quote={quote} form={form} />
      </div>
      <button type="submit">Place the order</button>
    </PostForm>
  );
};

/** The quote of a refused order, without the faults that the form shows already. */
const otherFaults = (quote: Quote | undefined, errors: FormErrors): Quote | undefined =>
  quote && {
    ...quote,
    errors: quote.errors.filter(({ path }) => errors[path === null ? '' : fieldOf(path)] === undefined),
  };

function formView(given: FormProps, status: View['status'] = 200): View {
  const { service, errors } = given;
  const { rate, currency, type } = service;
  const body = (
    <>
      <Heading text={service.name}>
        <a class="button plain" href="/app/new">
          Other service
        </a>
      </Heading>
      <p class="quiet">
        Service {service.id} · {service.category} · {type} · {money(rate)} {currency} per{' '}
        {type.endsWith('Package') ? 'package' : '1,000'}
      </p>
      {Object.keys(errors).length === 0 ? (
        ''
      ) : (
        <Notice kind="error">{errors[''] ?? 'The order was not placed: see the fields below.'}</Notice>
      )}
      <OrderForm given={given} />
    </>
  );
  return { title: 'New order', body, status, assets: ['htmx.js'] };
}

const asked = async (visit: Visit): Promise<Service | undefined> =>
  offeredService(visit, readSmallId(queryOf(visit, 'service') ?? ''));

const NotSold: FC = () => (
  <Empty>
    <p>This service is not sold.</p>
    <a href="/app/new">Choose another</a>
  </Empty>
);

export const newOrderPage: Page = {
  path: '/new',
  scope: 'orders:write',
  get: async (visit) => {
    if (queryOf(visit, 'service') === undefined) {
      const body = <ServiceSearch title="New order" place="new" {...(await searchOf(visit))} />;
      return { title: 'New order', body, keys: SEARCH_KEYS };
    }
    const service = await asked(visit);
    if (service === undefined) return { title: 'New order', body: <NotSold />, status: 404 };
    const form = new FormData();
    for (const { name } of fieldsFor(service)) form.set(name, queryOf(visit, name) ?? '');
    return formView({ visit, service, form, key: randomUUID(), errors: {} });
  },
  post: async (visit, form) => {
    const service = await asked(visit);
    if (service === undefined) return { title: 'New order', body: <NotSold />, status: 404 };
    const again = { visit, service, form };
    const read = bodyOf(service.id, form);
    if ('errors' in read) return formView({ ...again, key: randomUUID(), errors: read.errors }, 422);
    const key = textOf(form, 'key');
    try {
      const order = await visit.v1.POST('/v1/orders', { body: read.body, idempotencyKey: key });
      return redirect(visit, `/app/orders/${order.id}`, `Order ${order.id} is placed.`);
    } catch (error) {
      if (!(error instanceof V1Problem) || error.status === 401) throw error;
      const errors = errorsOf(error, fieldsFor(service));
      const quote = error.status === 422 ? otherFaults(await quoteOf(visit, service, form), errors) : undefined;
      return formView({ ...again, key: keyAfter(key, error), errors, quote }, 422);
    }
  },
};

/** The price alone, for htmx. */
export const pricePart: Page = {
  path: '/new/price',
  scope: 'orders:write',
  get: async (visit) => redirect(visit, '/app/new'),
  post: async (visit, form) => {
    try {
      const service = await asked(visit);
      if (service === undefined) return visit.c.body(null, 204);
      return visit.c.html(await markupOf(<Price quote={await quoteOf(visit, service, form)} form={form} />));
    } catch (error) {
      if (!(error instanceof V1Problem) || error.status === 401) throw error;
      // The price that is shown is that of something else by now.
      return visit.c.html(await markupOf(<Price quote={undefined} form={form} problem={error} />));
    }
  },
};
