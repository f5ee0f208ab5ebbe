// The plain closing lines of every test run, and the refusal of a run that tested nothing.
import { relative } from 'node:path';

/**
 * Counts the tests of a run.
 *
 * @param {ReadonlyArray<import('vitest/node').TestModule>} testModules
 * @param {number} unhandledErrors Errors outside of any test; each counts as a failure.
 * @returns {{ passed: number, failed: number, skipped: number }} A file that could not be loaded,
 *   or whose suite hooks failed, counts as a failure of its own.
 */
export function countTests(testModules, unhandledErrors) {
  const counts = { passed: 0, failed: unhandledErrors, skipped: 0 };
  for (const testModule of testModules) {
    let failedTests = 0;
    for (const test of testModule.children.allTests()) {
      const { state } = test.result();
      // A test that never ran because the run was interrupted has not passed.
      if (state === 'passed' || state === 'skipped') counts[state] += 1;
      else failedTests += 1;
    }
    counts.failed += failedTests === 0 && !testModule.ok() ? 1 : failedTests;
  }
  return counts;
}

/**
 * @param {{ passed: number, failed: number, skipped: number }} counts
 * @returns {string} for example "12 passed, 0 failed" or "12 passed, 0 failed, 1 skipped"
 */
export function summaryLine({ passed, failed, skipped }) {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

/**
 * Projects in which no test was found: their tests were moved, renamed or never compiled.
 *
 * @param {ReadonlyArray<string>} projectNames
 * @param {ReadonlyArray<import('vitest/node').TestModule>} testModules
 * @returns {string[]}
 */
export function projectsWithoutTests(projectNames, testModules) {
  const tested = new Set();
  for (const testModule of testModules) {
    const loaded = testModule.children.allTests().next().done === false;
    // A file that failed is reported as such.
    if (loaded || !testModule.ok()) tested.add(testModule.project.name);
  }
  return projectNames.filter((name) => !tested.has(name));
}

/**
 * The failed tests, so that the end of a long run names them: what stands above may be cut off.
 *
 * @param {ReadonlyArray<import('vitest/node').TestModule>} testModules
 * @param {string} root
 * @returns {string[]} "failed: FILE > SUITE > TEST", with FILE from the root of the checkout; FILE
 *   alone where none of its tests ran
 */
export function failureLines(testModules, root) {
  return testModules
    .filter((testModule) => !testModule.ok())
    .flatMap((testModule) => {
      const file = relative(root, testModule.moduleId);
      const tests = [...testModule.children.allTests('failed')];
      if (tests.length === 0) return [`failed: ${file}`];
      return tests.map((test) => `failed: ${file} > ${test.fullName}`);
    });
}

/** vitest reporter; stands last in the list, so that its line closes the output. */
export class SummaryReporter {
  #vitest;

  onInit(vitest) {
    this.#vitest = vitest;
  }

  onTestRunEnd(testModules, unhandledErrors) {
    const counts = countTests(testModules, unhandledErrors.length);
    // A run of chosen files leaves the others out on purpose.
    const chosenFiles = this.#vitest.filenamePattern !== undefined;
    const names = chosenFiles ? [] : this.#vitest.projects.map((project) => project.name);
    for (const name of projectsWithoutTests(names, testModules)) {
      this.#vitest.logger.error(`No test was found in the project ${name}.`);
      counts.failed += 1;
    }
    if (counts.failed > 0) process.exitCode = 1;
    const { logger, config } = this.#vitest;
    for (const line of failureLines(testModules, config.root)) logger.log(line);
    logger.log(summaryLine(counts));
  }
}
