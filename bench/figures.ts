/** The figures that `--json` prints, beside those of each scenario's table. docs/speed.md says what each of them means. */
export const FIGURES = [
  'bareWorkflowsPerSecond',
  'ordersPerSecond',
  'ordersToBare',
  'ordersToEmptyActivities',
  'placeP50ToBare',
  'placeP99ToP50At20',
  'overloadUnknown',
  'placeP99BesideListToAlone',
  'twoWorkersToOne',
  'rollingP99ToUsual',
  'commitsPerOrder',
  'rowsUpdatedPerOrder',
  'ownCpuToTemporal',
  'eventsPerOrder',
  'eventsPerDripBatch',
  'idleEvents',
  'idleStatementsPerSecond',
  'statusCallsPerRound',
  'ledgerToRawSql',
  'oneWalletToMany',
  'readP99AtMillionToThousand',
  'placeP50At10kTo100',
  'bytesPerOrderInFlight',
  'watchCpuSeconds100k',
  'proofSecondsMillion',
  'slowestPageP95Ms',
  'livePagesPercentOfCore',
] as const;

export type FigureName = (typeof FIGURES)[number];
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

/** The Temporal server that a run is measured on. */
export interface ServerDescription {
  readonly server: string;
  readonly store: string;
  readonly shards: number;
}

/**
 * The result of a run as one object of JSON, in a fixed order.
 * @throws Error when a figure is not a number.
 */
export function jsonOf(
  description: ServerDescription,
  figures: Figures,
  counts: Readonly<Record<string, number>>,
): string {
  const all = { ...figures, ...counts };
  const wrong = Object.entries(all).filter(([, figure]) => !Number.isFinite(figure));
  if (wrong.length > 0) throw new Error(`not a number: ${wrong.map(([name]) => name).join(', ')}`);
  const measured = FIGURES.flatMap((name) => (figures[name] === undefined ? [] : [[name, rounded(figures[name])]]));
  return JSON.stringify({ ...description, ...Object.fromEntries(measured), ...counts }, null, 2);
}

/** Further digits would differ in the next run. */
const rounded = (figure: number): number => Number(figure.toPrecision(4));
