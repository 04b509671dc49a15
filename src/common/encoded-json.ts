/** A value that is read only, and the bytes of its JSON: made when they are first asked for, and once, whoever is sent them. */
export class EncodedJson<T> {
  private encoded: Buffer | null = null;

  constructor(readonly value: T) {}

  get bytes(): Buffer {
    return (this.encoded ??= Buffer.from(JSON.stringify(this.value)));
  }
}
