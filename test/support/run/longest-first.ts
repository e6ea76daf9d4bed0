import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Projects with the slowest files come first and those with many fast files last, so that no worker ends alone with a slow file.
 */
const PROJECTS = ['browser', 'simulation', 'timeskip', 'integration-isolated', 'integration', 'replay', 'unit'];

const placeOf = ({ project }: TestSpecification): number => PROJECTS.indexOf(project.name);

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
