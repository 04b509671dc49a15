/**
 * The text in lower case as PostgreSQL's `lower()` gives it, which accounts are found by: each code point by Unicode's
 * simple mapping, to one other. JavaScript's own maps some to several, or by what stands beside them, so texts that
 * are one to PostgreSQL would be two: 'İ' is 'i' there, and 'i' with a dot above here.
 */
export function simpleLowerCase(text: string): string {
  // The first code point of the full mapping is the simple one.
  return Array.from(text, (char) => String.fromCodePoint(char.toLowerCase().codePointAt(0)!)).join('');
}
