import type { Message, Room } from '../../../src/protocol/models';
import type { SearchPage } from '../../../src/protocol/search';
import { SearchIndexRepository } from '../../../src/search/search-index.repository';
import { aPerson, type Person } from '../../support/person';
import { indexAll, misplaced, stretchesOf } from '../../support/search-index';
import { itBySeed, SeededRandom } from '../../support/seeded';
import { at, startTwoNodes, type TwoNodes } from '../../support/two-nodes';

const WRITERS = 6;
const MESSAGES_EACH = 40;

let nodes: TwoNodes;
let ada: Person;
let roomIds: number[];

beforeAll(async () => {
  nodes = await startTwoNodes();
  ada = await aPerson(nodes.a, 'Ada');
  roomIds = [];
  for (const name of ['one', 'two', 'three']) {
    roomIds.push((await ada.post<Room>('/rooms', { name })).body.id);
  }
});
afterAll(() => nodes.stop());

async function found(person: Person, q: string): Promise<string[]> {
  const { body } = await person.get<SearchPage>(`/search/messages?q=${q}`);
  return body.results.map(({ message }) => message.content!);
}

/** Says, rewords and takes back, and looks each time for what it has been told to be so. */
async function write(person: Person, name: string, random: SeededRandom): Promise<void> {
  const path = `/rooms/${random.pick(roomIds)}/messages`;
  for (let n = 0; n < MESSAGES_EACH; n++) {
    const [first, second] = [`${name}x${n}x`, `${name}y${n}y`];
    const { body } = await person.post<Message>(path, { content: `first ${first}` });
    expect([first, await found(person, first)]).toEqual([first, [`first ${first}`]]);
    if (random.below(3) > 0) continue;

    await person.patch(`${path}/${body.id}`, { content: `second ${second}` });
    expect([first, await found(person, first)]).toEqual([first, []]);
    expect([second, await found(person, second)]).toEqual([second, [`second ${second}`]]);
    if (random.below(2) > 0) continue;

    await person.delete(`${path}/${body.id}`);
    expect([second, await found(person, second)]).toEqual([second, []]);
  }
}

/** Indexes whatever there is, again and again, until `isOver`. */
async function indexOn(index: SearchIndexRepository, isOver: () => boolean): Promise<void> {
  while (!isOver()) await index.takeIn(0);
}

describe('What is said and changed while two nodes index it', () => {
  itBySeed('is found by whoever has been told of it, as it is then, once', async (random) => {
    const indexes = [nodes.a, nodes.b].map(({ app }) => app.get(SearchIndexRepository, { strict: false }));
    let isOver = false;
    const indexing = indexes.map((index) => indexOn(index, () => isOver));
    const writing = Array.from({ length: WRITERS }, (_, n) =>
      write(at(n % 2 ? nodes.a : nodes.b, ada), `w${n}`, new SeededRandom(random.below(2 ** 31))),
    );
    await Promise.all(writing).finally(() => {
      isOver = true;
    });
    await Promise.all(indexing);

    const { dataSource } = nodes.a;
    expect(await misplaced(dataSource)).toEqual([]);
    await indexAll(indexes[0]!);
    const indexed = (await stretchesOf(dataSource)).flatMap(({ words }) => words);
    const stored = await dataSource.query<{ word: string }[]>(
      `SELECT unnest(string_to_array(content, ' ')) AS word FROM messages WHERE kind = 'user' AND deleted_at IS NULL`,
    );
    expect(new Set(indexed)).toEqual(new Set(stored.map(({ word }) => word)));
    expect(await misplaced(dataSource)).toEqual([]);
  });
});
