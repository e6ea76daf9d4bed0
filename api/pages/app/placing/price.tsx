import type { FC } from 'hono/jsx';
import type { Quote, Service } from '../../../../client/openapi.ts';
import { textOf, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { count, duration, money, whyRefused } from '../../view/formats.ts';
import { Booked } from '../../view/parts.tsx';
import { bodyOf, fieldOf } from './new-order-fields.ts';

/** The form with some interval between runs: the price does not depend on it, so it shows before the interval is typed. */
function withInterval(form: FormData): FormData {
  const filled = new FormData();
  for (const [name, value] of form) filled.append(name, value);
  if (textOf(form, 'interval') === '') filled.set('interval', '1');
  return filled;
}

/** What the order would cost as far as it is filled in; undefined while it cannot be judged. */
export async function quoteOf({ v1 }: Visit, service: Service, form: FormData): Promise<Quote | undefined> {
  const read = bodyOf(service.id, withInterval(form));
  if ('errors' in read) return undefined;
  try {
    return await v1.POST('/v1/quotes', { body: read.body });
  } catch (error) {
    // The form is half filled in; placing the order says what is wrong with it.
    if (error instanceof V1Problem && error.status === 422) return undefined;
    throw error;
  }
}

/** Faults of what was typed already: a field that is still empty is no fault yet. */
export const faultsOf = ({ errors }: Pick<Quote, 'errors'>, form: FormData) =>
  errors.filter(({ path }) => path === null || textOf(form, fieldOf(path)) !== '');

/** When the runs of a drip-feed are sent; nothing before the runs and the interval are typed. */
const Plan: FC<{ quote: Quote; form: FormData }> = ({ quote: { service, quantity }, form }) => {
  const read = bodyOf(service, form);
  if ('errors' in read || read.body.dripFeed === undefined || quantity === null) return '';
  const { dripFeed, scheduledAt } = read.body;
  const { runs, intervalMinutes } = dripFeed;
  if (runs < 2) return '';
  const start = Math.max(Date.now(), scheduledAt === undefined ? 0 : Date.parse(scheduledAt));
  const last = new Date(start + (runs - 1) * intervalMinutes * 60_000).toISOString();
  return (
    <p class="quiet">
      {count(runs)} runs of {count(quantity)}, one every {duration(intervalMinutes * 60)}, the last at about{' '}
      <Booked at={last} />
    </p>
  );
};

interface PriceProps {
  readonly quote: Quote | undefined;
  readonly form: FormData;
  /** Why the price could not be asked for. */
  readonly problem?: Pick<V1Problem, 'title' | 'detail'>;
}

/** The price beside the form, and the plan of a drip-feed. htmx renews it while a person types, inside an element that stays and is read aloud. */
export const Price: FC<PriceProps> = ({ quote, form, problem }) => (
  <div id="price" class="price">
    {problem !== undefined ? (
      <p class="quiet">The price is not known now. {whyRefused(problem)}</p>
    ) : quote === undefined || quote.price === null ? (
      <p class="quiet">The price shows once the quantity is known.</p>
    ) : (
      <>
        <p>
          <b class="amount">
            {money(quote.price)} {quote.currency}
          </b>{' '}
          <span class="quiet">for {count(quote.totalQuantity ?? 0)}</span>
        </p>
        <Plan quote={quote} form={form} />
      </>
    )}
    {quote === undefined ? '' : faultsOf(quote, form).map((fault) => <p class="error">{whyRefused(fault)}</p>)}
  </div>
);
