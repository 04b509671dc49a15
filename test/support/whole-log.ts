import type { HistoryPage, Message } from '../../src/protocol/models';
import type { Person } from './person';

/** Every message of a room as history has it now, oldest first. */
export async function wholeLog(person: Person, roomId: number): Promise<Message[]> {
  const log: Message[] = [];
  for (let cursor: number | null = 0; cursor !== null;) {
    const page: HistoryPage = (
      await person.get<HistoryPage>(`/rooms/${roomId}/messages?limit=100${cursor ? `&cursor=${cursor}` : ''}`)
    ).body;
    log.unshift(...page.messages);
    cursor = page.next_cursor;
  }
  return log;
}

/** 1, 2, 3 … */
export const oneTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
