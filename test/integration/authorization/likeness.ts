import type { Actor, Cell, RoomKind } from './actors';

/** What somebody was told about a room. */
export interface Told {
  cell: Cell;
  /** In one word. */
  word: string;
  /** To the byte, but for the request id. */
  text: string;
}

/** A refusal that gives away that a room exists. */
export interface Leak {
  actor: Actor;
  kind: RoomKind;
  told: string;
  ofAbsent: string;
}

/** Those who were told that there is no such room, in other words than they are told of one that is really absent. */
export function unlikeAbsent(told: readonly Told[]): Leak[] {
  const ofAbsent = new Map(
    told.filter(({ cell }) => cell.kind === 'absent').map(({ cell, ...answer }) => [cell.actor, answer]),
  );
  return told.flatMap(({ cell: { actor, kind }, word, text }) => {
    const absent = ofAbsent.get(actor);
    return absent && word === absent.word && text !== absent.text
      ? [{ actor, kind, told: text, ofAbsent: absent.text }]
      : [];
  });
}
