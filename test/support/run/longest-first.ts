import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take half a minute or more begin first: one that began last would end alone. */
const LONGEST = [
  'test/chaos/chaos',
  'test/browser/walks.browser',
  'test/simulation/seeds',
  'test/schemathesis/schemathesis',
  'test/reconcile/permanent-errors.int',
  'test/dispatch/brown-outs.int',
  'test/dispatch/unknown-sends.int',
  'test/dispatch/trouble.int',
  'test/refill/resend.int',
  'test/refill/refills.int',
  'test/provider/hostile-provider.int',
  'test/refill/api.int',
  'test/panel-v2/clients.int',
  'test/placement/outage.int',
  'test/placement/bulk-orders.int',
  'test/reconcile/stuck-workflows.int',
  'test/dispatch/frozen-worker.int',
  'test/client/examples.int',
  'test/reconcile/lost-histories.int',
];

/** Then come the projects with slow files; those with many fast files come last. */
const PROJECTS = [
  'chaos',
  'browser',
  'simulation',
  'timeskip',
  'integration-isolated',
  'integration',
  'integration-calm',
  'replay',
  'unit',
];

const byLength = ({ moduleId }: TestSpecification): number => {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return place < 0 ? LONGEST.length : place;
};
const byProject = ({ project }: TestSpecification): number => PROJECTS.indexOf(project.name);

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => byLength(one) - byLength(other) || byProject(one) - byProject(other));
  }
}
