import { Refusal } from '../../../../domain/errors.ts';
import { readSmallId } from '../../../v1/ids.ts';
import { may, type Page } from '../../page.ts';
import { count, duration, money, share } from '../../view/formats.ts';
import { SEARCH_KEYS } from '../../view/layout.tsx';
import { Heading, Time } from '../../view/parts.tsx';
import { Facts } from '../../view/table.tsx';
import { setStar } from './favourites.tsx';
import { orDash, perOf, ServiceSearch, searchOf } from './service-search.tsx';
import { offeredService } from './services-read.ts';
import { readTimes, TimesCurve, TimesTable } from './times-read.tsx';

export const servicesPage: Page = {
  path: '/services',
  get: async (visit) => ({
    title: 'Services',
    body: <ServiceSearch title="Services" place="services" {...(await searchOf(visit))} />,
    keys: SEARCH_KEYS,
  }),
  post: setStar,
};

/** One service: its terms, and how fast and how well it was delivered lately. */
export const servicePage: Page = {
  path: '/services/:id',
  get: async (visit) => {
    const id = readSmallId(visit.c.req.param('id') ?? '');
    const service = await offeredService(visit, id);
    if (service === undefined) throw new Refusal('not_found', 'service not found');
    const [stats, times] = await Promise.all([
      visit.v1.GET('/v1/services/{id}/stats', { params: { path: { id } } }),
      readTimes(visit, [id]),
    ]);
    const { average, p50, p95 } = stats.completedSeconds;
    const body = (
      <>
        <Heading text={service.name}>
          <a class="button plain" href={`/app/orders?service=${id}`}>
            Your orders of it
          </a>
          {may(visit, 'orders:write') ? (
            <a class="button" href={`/app/new?service=${id}`}>
              Order
            </a>
          ) : (
            ''
          )}
        </Heading>
        <Facts
          of={[
            ['Service', id],
            ['Category', service.category],
            ['Type', service.type],
            ['Price', `${money(service.rate)} ${service.currency} ${perOf(service.type)}`],
            ['Quantity', `${count(service.min)} to ${count(service.max)}`],
            ['Cancel', service.cancel ? 'possible' : 'not possible'],
            ['Drip-feed', service.dripFeed ? 'possible' : 'not possible'],
            ['Refill', service.refillDays === 0 ? 'no' : `${service.refillDays} days`],
          ]}
        />
        <h2>In the last {stats.days} days</h2>
        <Facts
          of={[
            ['Orders that ended, of all customers', count(stats.ended)],
            ['To Completed, average', orDash(average, duration)],
            ['Half are Completed in', orDash(p50, duration)],
            ['95 % are Completed in', orDash(p95, duration)],
            ['Partial', orDash(stats.partialShare, share)],
            ['Canceled', orDash(stats.canceledShare, share)],
            ['Running, of all customers', count(stats.running)],
            ['Delivered an hour', count(Math.round(stats.itemsPerHour))],
            ['As of', <Time at={stats.asOf} />],
          ]}
        />
        {times.of.has(id) ? (
          <section aria-label="Time to Completed by day" class="times">
            <h2>Day by day</h2>
            <TimesCurve times={times} service={id} />
            <TimesTable times={times} service={id} />
          </section>
        ) : (
          ''
        )}
      </>
    );
    return { title: service.name, body };
  },
};
