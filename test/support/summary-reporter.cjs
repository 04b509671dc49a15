/**
 * Ends the run with one line that people and scripts can read, after everything that Jest itself has to say; before it
 * stands what was left out, by name.
 */
module.exports = class SummaryReporter {
  /**
   * @param {unknown} _contexts
   * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numRuntimeErrorTestSuites: number, testResults: { testResults: { status: string, ancestorTitles: string[] }[] }[] }} results
   */
  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites;
    const files = broken > 0 ? `, ${broken} files could not run` : '';
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
    const leftOut = this.leftOut(results).map((title) => `Left out: ${title}\n`);
    const line = `${results.numPassedTests} passed, ${results.numFailedTests} failed${skipped}${files}\n`;
    process.once('exit', () => process.stdout.write(leftOut.join('') + line));
  }

  /**
   * The groups of tests that need what this machine does not have; they tell it in their titles.
   *
   * @param {{ testResults: { testResults: { status: string, ancestorTitles: string[] }[] }[] }} results
   */
  leftOut({ testResults }) {
    const titles = testResults
      .flatMap((file) => file.testResults)
      .filter(({ status }) => status === 'pending')
      .flatMap(({ ancestorTitles }) => ancestorTitles.filter((title) => title.includes('(needs ')));
    return [...new Set(titles)];
  }
};
