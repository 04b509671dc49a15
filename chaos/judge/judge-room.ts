import type { Attempt, Position, RoomEvidence, StoredMessage } from './evidence';
import type { Violation } from './violation';

type Report = (kind: Violation['kind'], detail: string) => void;

/** Holds what every node's history of a room says against what its senders were told, and the nodes against each other. */
export function judgeRoom({ roomId, attempts, histories }: RoomEvidence): Violation[] {
  const violations: Violation[] = [];
  const report: Report = (kind, detail) => violations.push({ kind, detail: `room ${roomId}: ${detail}` });

  for (const [name, { acks }] of attempts) judgeAcks(name, acks, report);
  const longest = Math.max(0, ...histories.map(({ messages }) => messages.length));
  for (const { node, messages } of histories) {
    const reportOfNode: Report = (kind, detail) => report(kind, `on ${node}, ${detail}`);
    judgeNumbers(messages, 'id', reportOfNode);
    judgeNumbers(messages, 'seq', reportOfNode);
    judgeContents(messages, attempts, reportOfNode);
    if (messages.length < longest)
      reportOfNode('lost', `${messages.length} messages of the ${longest} of another`);
  }
  return violations;
}

/** A message that is acknowledged at two places is stored twice. */
function judgeAcks(name: string, acks: readonly Position[], report: Report): void {
  const places = new Set(acks.map(placeOf));
  if (places.size > 1) report('doubled', `${name} was acknowledged as ${[...places].join(' and ')}`);
}

/** 1, 2, 3 … in the order of the answer. */
function judgeNumbers(messages: readonly StoredMessage[], key: 'id' | 'seq', report: Report): void {
  let last = 0;
  for (const message of messages) {
    const number = message[key];
    if (number > last + 1) report('gap', `${key} ${last} is followed by ${number}`);
    if (number <= last) report('reordered', `${key} ${last} is followed by ${number}`);
    last = Math.max(last, number);
  }
}

function judgeContents(
  messages: readonly StoredMessage[],
  attempts: ReadonlyMap<string, Attempt>,
  report: Report,
): void {
  const stored = new Map<string, StoredMessage>();
  for (const message of messages) {
    const { name, content } = message;
    if (name === null) continue;
    const attempt = attempts.get(name);
    if (stored.has(name)) report('doubled', `${name} stands at ${placeOf(message)}, too`);
    else if (!attempt) report('unattempted', `nobody sent ${name}`);
    else if (attempt.content !== content) report('altered', `${name} says something else`);
    if (!stored.has(name)) stored.set(name, message);
  }
  for (const [name, { acks }] of attempts) {
    const acknowledged = acks[0];
    if (!acknowledged) continue;
    const found = stored.get(name);
    if (!found) report('lost', `${name} was acknowledged as ${placeOf(acknowledged)}`);
    else if (placeOf(found) !== placeOf(acknowledged)) {
      report('altered', `${name} stands at ${placeOf(found)}, acknowledged was ${placeOf(acknowledged)}`);
    }
  }
}

function placeOf({ id, seq }: Position): string {
  return `${id}/${seq}`;
}
