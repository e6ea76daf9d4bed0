import type { FC } from 'hono/jsx';
import type { ServiceFile } from '../../../../client/openapi.ts';
import { count, money } from '../../view/formats.ts';
import { type Column, Row, Table } from '../../view/table.tsx';
import { marginOf } from './margin.ts';
import { type Providers, providerName, providerOptions } from './providers-read.ts';
import type { RouteDraft, RouteMove } from './route-drafts.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Place' },
  { name: 'Provider' },
  { name: 'Its service' },
  { name: 'Rate' },
  { name: 'Margin', kind: 'number' },
  { name: 'Takes' },
  { name: 'Used' },
  { name: 'Move', kind: 'action' },
];

/** What is left of the selling rate, exactly, and as a share. */
export const MarginText: FC<{ sold: string; cost: string | undefined }> = ({ sold, cost }) => {
  const margin = cost === undefined ? undefined : marginOf(sold, cost);
  if (margin === undefined) return <span class="quiet">–</span>;
  return (
    <span class={`amount ${margin.isLoss ? 'is-loss' : ''}`}>
      {money(margin.amount)} {margin.share === undefined ? '' : <span class="quiet">({margin.share})</span>}
    </span>
  );
};

type KnownRoute = ServiceFile['routes'][number];

const limitsOf = ({ min, max, step }: KnownRoute): string => {
  if (min === null && max === null) return 'any';
  const range = `${min === null ? '' : count(min)} to ${max === null ? 'any' : count(max)}`;
  return step === null ? range : `${range}, step ${count(step)}`;
};

/** The button that moves a route on in the same way, or back where it cannot go on. */
const wayOn = ({ way, place }: RouteMove, last: number): RouteMove['way'] => {
  if (way === 'up') return place > 1 ? 'up' : 'down';
  return place < last ? 'down' : 'up';
};

const Buttons: FC<{ place: number; last: number; focus: RouteMove | undefined }> = ({ place, last, focus }) => {
  const focused = focus?.place === place ? wayOn(focus, last) : undefined;
  const button = (way: 'up' | 'down', text: string) => (
    <button
      type="submit"
      class="plain"
      name="do"
      value={`${way}-${place}`}
      aria-label={`${text} route ${place}`}
      {...(way === focused ? { autofocus: true } : {})}
    >
      {text}
    </button>
  );
  return (
    <>
      <span class="row">
        {place === 1 ? '' : button('up', 'Up')}
        {place === last ? '' : button('down', 'Down')}
      </span>
      {last === 1 ? (
        ''
      ) : (
        <details class="act">
          <summary>
            Remove…<span class="unseen"> route {place}</span>
          </summary>
          <div class="stack">
            <p class="quiet">No further send takes it. What is typed into the other routes is saved too.</p>
            <button type="submit" class="danger" name="do" value={`remove-${place}`}>
              Remove route {place}
            </button>
          </div>
        </details>
      )}
    </>
  );
};

const Text: FC<{ name: string; label: string; value: string; size: number }> = ({ name, label, value, size }) => (
  <input name={name} aria-label={label} value={value} size={size} autocomplete="off" />
);

interface RoutesProps {
  readonly service: ServiceFile;
  readonly drafts: readonly RouteDraft[];
  /** What was typed of a new route whose provider is not chosen yet. */
  readonly unfinished: RouteDraft | undefined;
  readonly providers: Providers;
  /** The last move, and where the route is now: its button has the focus, so that it can be moved on by keys. */
  readonly focus: RouteMove | undefined;
}

/** The routes in their order of preference. Each of their buttons saves what is typed into them, too. */
export const Routes: FC<RoutesProps> = ({ service, drafts, unfinished, providers, focus }) => {
  const known = (draft: RouteDraft): KnownRoute | undefined =>
    service.routes.find((one) => one.provider === draft.provider && one.providerService === draft.providerService);
  const next = drafts.length + 1;
  return (
    <section id="routes" aria-label="Routes">
      <div class="heading">
        <h2>Routes</h2>
        <button type="submit" name="do" value="routes">
          Save the routes
        </button>
      </div>
      <Table columns={COLUMNS} caption="Routes in order of preference">
        {drafts.map((draft, index) => {
          const place = index + 1;
          const route = known(draft);
          return (
            <Row
              columns={COLUMNS}
              cells={[
                <b>{place}</b>,
                <>
                  <input type="hidden" name={`provider-${place}`} value={String(draft.provider)} />
                  <a href={`/ops/providers/${draft.provider}`}>{providerName(providers, draft.provider)}</a>
                </>,
                <Text
                  name={`service-${place}`}
                  label={`Service of route ${place}`}
                  value={draft.providerService}
                  size={8}
                />,
                <Text name={`rate-${place}`} label={`Rate of route ${place}`} value={draft.rate} size={8} />,
                <MarginText sold={service.rate} cost={draft.rate} />,
                route === undefined ? <span class="quiet">not checked</span> : limitsOf(route),
                <span class="row">
                  <input
                    type="checkbox"
                    name={`active-${place}`}
                    value="yes"
                    aria-label={`Use route ${place}`}
                    checked={draft.active}
                  />
                  {route?.held == null ? '' : <span class="badge is-failed">{route.held}</span>}
                </span>,
                <Buttons place={place} last={drafts.length} focus={focus} />,
              ]}
            />
          );
        })}
        <Row
          columns={COLUMNS}
          cells={[
            <span class="quiet">new</span>,
            <select name={`provider-${next}`} aria-label="Provider of a new route">
              {providerOptions(providers, 'add a route…').map(([value, text]) => (
                <option value={value}>{text}</option>
              ))}
            </select>,
            <Text
              name={`service-${next}`}
              label="Service of the new route"
              value={unfinished?.providerService ?? ''}
              size={8}
            />,
            <Text name={`rate-${next}`} label="Rate of the new route" value={unfinished?.rate ?? ''} size={8} />,
            '',
            '',
            <input
              type="checkbox"
              name={`active-${next}`}
              value="yes"
              aria-label="Use the new route"
              checked={unfinished?.active ?? true}
            />,
            '',
          ]}
        />
      </Table>
    </section>
  );
};
