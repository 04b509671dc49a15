/**
 * Tests of running servers may be given another try, by `TEST_RETRIES`: on a machine that others use, one of thousands may
 * miss its moment. What needed it is named at the end, so that it is looked into; what is broken fails each time.
 */
jest.retryTimes(Number(process.env['TEST_RETRIES'] ?? 0), { logErrorsBeforeRetry: true });
