/** The ways in which a promise can be broken, as the table of a run counts them. */
export const VIOLATIONS = [
  'lost',
  'doubled',
  'gap',
  'reordered',
  'altered',
  'unattempted',
  'late',
  'leaked',
  'died',
  'refused',
  'broken',
] as const;

export type ViolationKind = (typeof VIOLATIONS)[number];

export interface Violation {
  kind: ViolationKind;
  /** For people: who, where, what. */
  detail: string;
}
