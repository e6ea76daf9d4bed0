import { expect, it } from 'vitest';
import { NODE_VERSIONS } from '../support/engines/node-versions.ts';
import { unitTestsUnder } from '../support/installation/node-run.ts';
import { dockerfile } from '../support/reads/image-files.ts';

it.each(NODE_VERSIONS)(
  'the unit tests of the gate pass under Node.js %s',
  async (version) => {
    expect(await unitTestsUnder(version)).toMatch(/^\d{3,} passed, 0 failed$/);
  },
  1_800_000,
);

it('the image has the newest of them', () => {
  expect(dockerfile()).toContain(`node:${NODE_VERSIONS.at(-1)}-`);
});
