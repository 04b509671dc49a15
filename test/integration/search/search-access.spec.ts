import type { SearchPage } from '../../../src/protocol/search';
import type { Person } from '../../support/person';
import { Stage } from '../rooms/stage';

describe('A search in all rooms', () => {
  let stage: Stage;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    stage = await Stage.build();
    ({ ada, bob } = stage);
  });

  afterAll(() => stage.server.stop());

  /** A room of Ada's in which she has said something. */
  async function aRoom(visibility: 'public' | 'private', word: string): Promise<number> {
    const room = await stage.aRoom(visibility);
    await ada.post(`/rooms/${room}/messages`, { content: `here is ${word}` });
    return room;
  }

  /** The rooms in which somebody finds the word. */
  async function found(person: Person, word: string): Promise<number[]> {
    const { body } = await person.get<SearchPage>(`/search/messages?q=${word}`);
    return body.results.map(({ message }) => message.room_id).sort((a, b) => a - b);
  }

  it('asks what one may read now: added, removed, private, archived count at once', async () => {
    const [open, closed] = [await aRoom('public', 'findable'), await aRoom('private', 'findable')];
    expect(await found(bob, 'findable')).toEqual([open]);

    await ada.put(`/rooms/${closed}/members/${bob.id}`, { role: 'member' });
    expect(await found(bob, 'findable')).toEqual([open, closed]);

    await ada.delete(`/rooms/${closed}/members/${bob.id}`);
    expect(await found(bob, 'findable')).toEqual([open]);

    await ada.patch(`/rooms/${open}`, { visibility: 'private' });
    expect(await found(bob, 'findable')).toEqual([]);
    expect(await found(ada, 'findable')).toEqual([open, closed]);

    await ada.delete(`/rooms/${open}`);
    expect(await found(ada, 'findable')).toEqual([closed]);
  });

  it('finds again what a ban kept away once it is over, and no sooner', async () => {
    const room = await aRoom('public', 'banished');
    const endBanAt = (end: string) =>
      stage.server.dataSource.query(`UPDATE room_restrictions SET ends_at = ${end} WHERE room_id = $1`, [
        room,
      ]);

    await ada.put(`/rooms/${room}/bans/${bob.id}`, {});
    expect(await found(bob, 'banished')).toEqual([]);
    await endBanAt(`now() + interval '1 hour'`);
    expect(await found(bob, 'banished')).toEqual([]);
    await endBanAt(`now() - interval '1 second'`);
    expect(await found(bob, 'banished')).toEqual([room]);
  });
});
