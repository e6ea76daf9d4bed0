import { step } from '../dev/stack/terminal.ts';
import { Endings } from './endings.ts';
import { type Figures, jsonOf, type ServerDescription } from './figures.ts';
import { addLate, NONE_LATE } from './measure/histories.ts';
import type { Bench, Outcome, Scenario } from './scenario.ts';
import { type Row, tableOf } from './table.ts';

/** What a scenario measured, with its name. */
export interface Result extends Outcome {
  readonly name: string;
}

/** Runs the scenarios one after the other. Each ends what it has opened before the next begins, so that no two run at the same time. */
export async function runScenarios(scenarios: readonly Scenario[], bench: Bench): Promise<Result[]> {
  const results: Result[] = [];
  for (const { name, run } of scenarios) {
    const endings = await bench.endings.opened(
      name,
      async () => new Endings(),
      (one) => one.close(),
    );
    const outcome = await step(bench.log, `${name}: measured`, () => run({ ...bench, endings }));
    bench.log(`${name}: ${outcome.proof}`);
    await endings.close();
    const result = { name, ...outcome };
    results.push(result);
    // When a later scenario fails there is no table of all.
    if (scenarios.length > 1) bench.log(`\n${tableOf(rowsOf(result))}\n`);
  }
  return results;
}

/** The results of a run, in both forms. */
export function reportOf(
  { server, store, shards }: ServerDescription,
  results: readonly Result[],
): { readonly table: string; readonly json: string } {
  const figures: Figures = Object.assign({}, ...results.map((result) => result.figures));
  const late = results.map((result) => result.late ?? NONE_LATE).reduce(addLate, NONE_LATE);
  const rows = results.flatMap(rowsOf);
  const table = `${server}, ${store}, ${shards === 1 ? 'one shard' : `${shards} shards`}\n\n${tableOf(rows)}`;
  return { table, json: jsonOf({ server, store, shards }, figures, { ...late }) };
}

const rowsOf = (result: Result): Row[] => [
  ...result.rows.map((row) => ({ scenario: result.name, ...row })),
  ...lateRowsOf(result),
];

/** A line for each kind of task that waited too long, if any did. */
function lateRowsOf({ name, late = NONE_LATE }: Result): Row[] {
  const { workflowTasksTimedOut, activitiesThatWaited } = late;
  const rows = [
    { scenario: name, measured: 'WORKFLOW TASKS THAT TIMED OUT', unit: 'tasks', value: workflowTasksTimedOut },
    { scenario: name, measured: 'ACTIVITIES THAT WAITED OVER A SECOND', unit: 'tasks', value: activitiesThatWaited },
  ];
  return rows.filter(({ value }) => value > 0);
}
