import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with a plain line that any tool can read: `12 passed, 0 failed`. A file that could not run counts as a failure. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        if (test.result().state === 'passed') passed += 1;
        else failed += 1;
      }
    }
    // Print after the other reporters.
    process.once('exit', () => console.log(`${passed} passed, ${failed} failed`));
  }
}
