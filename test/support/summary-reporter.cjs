/** Ends the run with one line that people and scripts can read: after everything that Jest itself has to say. */
module.exports = class SummaryReporter {
  /**
   * @param {unknown} _contexts
   * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numRuntimeErrorTestSuites: number }} results
   */
  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites;
    const files = broken > 0 ? `, ${broken} files could not run` : '';
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
    const line = `${results.numPassedTests} passed, ${results.numFailedTests} failed${skipped}${files}\n`;
    process.once('exit', () => process.stdout.write(line));
  }
};
