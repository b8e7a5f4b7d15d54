/**
 * What one runner said of itself, as counts. A green line must not come out of a run that did not happen: a file
 * that could not be loaded, a crash after the tests and a runner without a report each count as one failure.
 *
 * @param {string | undefined} report vitest's JSON report
 * @param {number} exitCode
 * @param {boolean} mayBeEmpty true when the caller chose files, of which this runner may have none
 * @returns {{ passed: number, failed: number }}
 */
export function tally(report, exitCode, mayBeEmpty) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const { numPassedTests: passed, numFailedTests, testResults } = JSON.parse(report);
  const unloaded = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(({ status: outcome }) => outcome === 'failed'),
  ).length;
  const seen = numFailedTests + unloaded;
  const ranNothing = passed + seen === 0 && !mayBeEmpty;
  return { passed, failed: seen === 0 && (exitCode !== 0 || ranNothing) ? 1 : seen };
}
