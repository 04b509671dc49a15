/**
 * A failure that whoever runs the server can mend. Its message says all that they need: what is wrong, and which setting
 * it is about; no secret.
 */
export class OperatorError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
