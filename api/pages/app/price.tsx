import type { FC } from 'hono/jsx';
import type { Service } from '../../../client/openapi.ts';
import { countedIn, isServiceType, itemPrice, judgeFieldsOf, ruleOf } from '../../../domain/catalogue/service-types.ts';
import { Refusal } from '../../../domain/errors.ts';
import { formatMoney, MAX_PRICE, parseRate, priceOf } from '../../../domain/ledger/money.ts';
import { FIELD_NAMES } from '../../../domain/placement/order-fields.ts';
import { textOf } from '../page.ts';
import { count, money } from '../view/formats.ts';

/** What an order would cost. */
interface Estimate {
  readonly items: number;
  readonly price: string;
}

const wholeNumber = (text: string, otherwise: number): number =>
  /^[1-9]\d{0,9}$/.test(text) ? Number(text) : otherwise;

/** The exact price of the order as far as it is filled in; undefined while its quantity is not known. */
export function estimate({ type, rate, min, max, unlimitedPosts }: Service, form: FormData): Estimate | undefined {
  const parsed = parseRate(rate);
  if (parsed === undefined || !isServiceType(type)) return undefined;
  const given = Object.fromEntries(FIELD_NAMES.map((name) => [name, textOf(form, name)]));
  try {
    const { quantity: source } = ruleOf(type);
    const isGiven = source === 'given';
    const isOwn = isGiven || source === 'one';
    const { fields, faults } = isOwn
      ? { fields: {}, faults: [] }
      : judgeFieldsOf(type, given, { min, max, unlimitedPosts });
    if (faults.length > 0) return undefined;
    const quantity = source === 'one' ? 1 : (countedIn(type, fields) ?? wholeNumber(textOf(form, 'quantity'), 0));
    const items = quantity * wholeNumber(textOf(form, 'runs'), 1);
    const price = priceOf(itemPrice(type, parsed, fields), items);
    return items === 0 || price > MAX_PRICE ? undefined : { items, price: formatMoney(price) };
  } catch (error) {
    // A field that the price needs is missing or wrong; placing the order says so.
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** The price beside the form. htmx renews it while a person types. */
export const Price: FC<{ service: Service; form: FormData }> = ({ service, form }) => {
  const known = estimate(service, form);
  return (
    <p id="price" class="price" aria-live="polite">
      {known === undefined ? (
        <span class="quiet">The price shows once the quantity is known.</span>
      ) : (
        <>
          <b class="amount">
            {money(known.price)} {service.currency}
          </b>{' '}
          <span class="quiet">for {count(known.items)}</span>
        </>
      )}
    </p>
  );
};
