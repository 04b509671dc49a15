import type { Message } from '../../../src/protocol/models';
import { ChatSocket } from '../../support/chat-socket';
import { aPerson, type Person } from '../../support/person';
import { itBySeed, type SeededRandom } from '../../support/seeded';
import { startTestServer, type TestServer } from '../../support/test-server';
import { oneTo, wholeLog } from '../../support/whole-log';

const EACH = 30;

/** Someone who sends `EACH` messages, the content being the author's name and the message's place. */
interface Author {
  person: Person;
  /** Resolves with what was acknowledged, in the order of sending. */
  sendAll(random: SeededRandom): Promise<{ id: number; seq: number }[]>;
}

describe('twelve authors at once in one room', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  itBySeed('are numbered 1 to n, and every reader gets each message in order, once', async (random) => {
    const authors = [
      ...(await several(4, 'Pipelined', pipelinedAuthor)),
      ...(await several(4, 'Patient', patientAuthor)),
      ...(await several(4, 'Rest', restAuthor)),
    ];
    const readers = await Promise.all([
      ...authors.map(({ person }) => ChatSocket.open(server, person, { path: '/1' })),
      manyRoomReader(authors[0]!.person),
    ]);

    const acknowledged = await Promise.all(authors.map((author) => author.sendAll(random)));

    const numbers = oneTo(authors.length * EACH);
    const acks = acknowledged.flat();
    expect(acks.map(({ id }) => id).sort(byNumber)).toEqual(numbers);
    expect(acks.map(({ seq }) => seq).sort(byNumber)).toEqual(numbers);

    const log = await wholeLog(authors[0]!.person, 1);
    expect(log.map(({ seq }) => seq)).toEqual(numbers);
    for (const reader of readers) {
      expect(await reader.messagesUpTo(numbers.length)).toEqual(log);
      expect(reader.frames.filter(({ type }) => type === 'changes')).toEqual([]);
    }
    authors.forEach(({ person }, index) => {
      const said = log.filter(({ user_id }) => user_id === person.id);
      expect(said.map(({ content }) => content)).toEqual(oneTo(EACH).map((n) => `${person.username} ${n}`));
      expect(said.map(({ id }) => id)).toEqual(acknowledged[index]!.map(({ id }) => id));
    });
  });

  function several(
    count: number,
    name: string,
    author: (person: Person) => Author | Promise<Author>,
  ): Promise<Author[]> {
    return Promise.all(oneTo(count).map(async (n) => author(await aPerson(server, `${name}${n}`))));
  }

  /** Sends without waiting for any answer. */
  async function pipelinedAuthor(person: Person): Promise<Author> {
    const socket = await ChatSocket.open(server, person);
    return {
      person,
      sendAll: () =>
        Promise.all(oneTo(EACH).map((n) => socket.say(`${person.username} ${n}`, { room_id: 1 }))),
    };
  }

  /** Waits for the answers now and then. */
  async function patientAuthor(person: Person): Promise<Author> {
    const socket = await ChatSocket.open(server, person);
    return {
      person,
      sendAll: async (random) => {
        const sent: Promise<{ id: number; seq: number }>[] = [];
        for (const n of oneTo(EACH)) {
          sent.push(socket.say(`${person.username} ${n}`, { room_id: 1 }));
          if (random.below(4) === 0) await Promise.all(sent);
        }
        return Promise.all(sent);
      },
    };
  }

  /** Waits for each answer, as one who sends over REST and wants an order must. */
  function restAuthor(person: Person): Author {
    return {
      person,
      sendAll: async () => {
        const sent: Message[] = [];
        for (const n of oneTo(EACH)) {
          const { body } = await person.post<Message>('/rooms/1/messages', {
            content: `${person.username} ${n}`,
          });
          sent.push(body);
        }
        return sent;
      },
    };
  }

  async function manyRoomReader(person: Person): Promise<ChatSocket> {
    const socket = await ChatSocket.open(server, person);
    await socket.request({ type: 'join', room_id: 1 });
    return socket;
  }
});

const byNumber = (a: number, b: number): number => a - b;
