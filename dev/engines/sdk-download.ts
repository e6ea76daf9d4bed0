import { TestWorkflowEnvironment } from '@temporalio/testing';

// A separate program, because the SDK's download cannot be interrupted: a download that hangs is killed with its process.
// Arguments: what to fetch (`cli` or `test-server`) and the folder to fetch it into.
const [what, downloadDir] = process.argv.slice(2);
if (!downloadDir) throw new Error('usage: sdk-download.ts cli|test-server <folder>');
const server = { executable: { type: 'cached-download' as const, downloadDir } };
const environment =
  what === 'cli'
    ? await TestWorkflowEnvironment.createLocal({ server })
    : await TestWorkflowEnvironment.createTimeSkipping({ server });
await environment.teardown();
