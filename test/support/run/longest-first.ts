import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute or more begin first: one that began last would end alone. */
const LONGEST = [
  'test/browser/walks.browser',
  'test/simulation/seeds',
  'test/schemathesis/schemathesis',
  'test/refill/restarts.int',
  'test/reconcile/worker-slots.int',
  'test/reconcile/permanent-errors.int',
  'test/refill/resend.int',
  'test/order/every-step.int',
  'test/dispatch/trouble.int',
  'test/chaos/chaos',
  'test/text/parser-costs.unit',
];

/** Then come the projects with slow files; those with many fast files come last. */
const PROJECTS = ['browser', 'simulation', 'timeskip', 'integration-isolated', 'integration', 'replay', 'unit'];

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
