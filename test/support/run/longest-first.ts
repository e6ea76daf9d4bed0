import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The projects whose files take longest come first, and many short ones last, so that no worker is left alone with a long one. */
const PROJECTS = ['browser', 'simulation', 'timeskip', 'integration-isolated', 'integration', 'replay', 'unit'];

const placeOf = ({ project }: TestSpecification): number => PROJECTS.indexOf(project.name);

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
