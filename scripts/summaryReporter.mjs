// The plain closing lines of every test run, and the refusal of a run that tested nothing.
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Of what an error says, as many lines as tell what was waited for or compared. */
const reasonLinesMax = 5;

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
 * The failed tests and why, so that the end of a long run tells it: what stands above may be cut
 * off.
 *
 * @param {ReadonlyArray<import('vitest/node').TestModule>} testModules
 * @param {string} root
 * @returns {string[]} "failed: FILE > SUITE > TEST", with FILE from the root of the checkout; FILE
 *   alone where none of its tests ran; after each, "why: " with what its error says and where it
 *   was thrown
 */
export function failureLines(testModules, root) {
  return testModules
    .filter((testModule) => !testModule.ok())
    .flatMap((testModule) => {
      const file = relative(root, testModule.moduleId);
      const tests = [...testModule.children.allTests('failed')];
      if (tests.length === 0) {
        return [`failed: ${file}`, ...reasonLines(testModule.errors(), root)];
      }
      return tests.flatMap((test) => [
        `failed: ${file} > ${test.fullName}`,
        ...reasonLines(test.result().errors, root),
      ]);
    });
}

/** The first error, which mostly brought the others about. */
function reasonLines([error], root) {
  if (error === undefined) return [];
  const said = stripVTControlCharacters(error.message ?? String(error)).split('\n');
  const place = error.stacks?.[0];
  const at = place && `at ${relative(root, place.file)}:${place.line}`;
  const lines = [...said.slice(0, reasonLinesMax), at];
  return lines.filter((line) => line?.trim()).map((line) => `why: ${line.trimEnd()}`);
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
