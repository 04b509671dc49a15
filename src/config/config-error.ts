import { OperatorError } from '../common/operator-error';

/** What is wrong with the configuration, all of it at once; names of variables, never their values. */
export class ConfigError extends OperatorError {
  constructor(readonly problems: readonly string[]) {
    super(['The configuration is not valid:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}
