import type { Child } from 'hono/jsx';
import { LIMITS } from '../../../../domain/limits.ts';
import { type Page, queryOf, type Visit } from '../../page.ts';
import { V1Problem } from '../../v1.ts';
import { Heading, Notice } from '../../view/parts.tsx';
import { Tabs } from '../../view/tabs.tsx';
import { MoneyReport } from './money.tsx';
import { Outcomes } from './outcomes.tsx';
import { csvAddress, daysQuery, type Range, RangeForm, rangeOf, reportAddress, shownDays } from './range.tsx';
import { Times } from './times.tsx';

/** The most days of a report about times, see GET /v1/admin/reports/times. */
const TIMES_DAYS = 31;

/** The reports and what they are by; the first of each by default. */
const REPORTS = {
  money: ['day', 'service', 'provider', 'account'],
  outcomes: ['service', 'provider'],
  times: [],
} as const;
type Report = keyof typeof REPORTS;

const NAMES: Readonly<Record<Report, string>> = { money: 'Money', outcomes: 'Outcomes', times: 'Times' };
const ORDER = Object.keys(REPORTS) as Report[];

/** What the address says that a report is by; the usual one for any other text. */
const byOf = <T extends string>(words: readonly [T, ...T[]], text: string | undefined): T =>
  words.find((word) => word === text) ?? words[0];

/** The report that the address names; the first by default. */
const reportOf = (visit: Visit): Report => ORDER.find((one) => one === queryOf(visit, 'report')) ?? 'money';

interface Shown {
  readonly days: Range;
  readonly by: string | undefined;
  readonly content: Child;
  readonly status?: 422;
}

async function read(visit: Visit, report: Report, range: Range): Promise<Shown> {
  const days = daysQuery(range);
  const asked = queryOf(visit, 'by');
  switch (report) {
    case 'money': {
      const query = { ...days, by: byOf(REPORTS.money, asked) };
      const answer = await visit.v1.GET('/v1/admin/reports/revenue', { params: { query } });
      return { days: shownDays(answer), by: query.by, content: <MoneyReport report={answer} /> };
    }
    case 'outcomes': {
      const query = { ...days, by: byOf(REPORTS.outcomes, asked) };
      const answer = await visit.v1.GET('/v1/admin/reports/outcomes', { params: { query } });
      return { days: shownDays(answer), by: query.by, content: <Outcomes report={answer} /> };
    }
    case 'times': {
      const answer = await visit.v1.GET('/v1/admin/reports/times', { params: { query: days } });
      return { days: shownDays(answer), by: undefined, content: <Times report={answer} /> };
    }
  }
}

/** The refusal of days, in place of their report; any other error goes on. */
function refused(error: unknown, days: Range): Shown {
  if (!(error instanceof V1Problem) || error.status !== 422) throw error;
  const why = error.errors.map(({ path, message }) => `${path} ${message}`).join(', ') || error.detail;
  const content = <Notice kind="error">These days cannot be shown: {why}.</Notice>;
  return { days, by: undefined, content, status: 422 };
}

/** The reports: what was earned, how orders ended, and how long they took. The days are in the address. */
export const reportsPage: Page = {
  path: '/reports',
  get: async (visit) => {
    const report = reportOf(visit);
    const range = rangeOf(visit);
    const shown = await read(visit, report, range).catch((error: unknown) => refused(error, range));
    const { days, by, content, status = 200 } = shown;
    const body = (
      <>
        <Heading text="Reports">
          {status === 200 ? (
            <a class="button plain" href={csvAddress(report, by, days)}>
              As CSV
            </a>
          ) : (
            ''
          )}
        </Heading>
        <Tabs
          label="Reports"
          tabs={ORDER.map((one) => ({
            href: reportAddress(one, undefined, range),
            text: NAMES[one],
            isHere: one === report,
          }))}
        />
        <RangeForm
          report={report}
          by={by}
          ways={REPORTS[report]}
          shown={days}
          most={report === 'times' ? TIMES_DAYS : LIMITS.reportDays}
        />
        {content}
      </>
    );
    return { title: 'Reports', body, status, assets: ['uplot.css', 'uplot.js', 'chart.js'] };
  },
};

/** The report of the address as a file. */
export const reportsCsv: Page = {
  path: '/reports/csv',
  get: (visit) => {
    const days = daysQuery(rangeOf(visit));
    const asked = queryOf(visit, 'by');
    switch (reportOf(visit)) {
      case 'money':
        return visit.v1.csv('/v1/admin/reports/revenue', { ...days, by: byOf(REPORTS.money, asked) });
      case 'outcomes':
        return visit.v1.csv('/v1/admin/reports/outcomes', { ...days, by: byOf(REPORTS.outcomes, asked) });
      case 'times':
        return visit.v1.csv('/v1/admin/reports/times', days);
    }
  },
};
