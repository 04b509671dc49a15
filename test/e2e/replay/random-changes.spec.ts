import { ChatSocket } from '../../support/chat-socket';
import { RoomSnapshot } from '../../support/room-snapshot';
import { itBySeed, type SeededRandom } from '../../support/seeded';
import type { Person } from '../../support/person';
import { ReplayStage, type Scene } from './replay-stage';

const ROUNDS = 4;
const ACTS_EACH = 12;
const EMOJI = ['👍', '🎉', '❤️', '👀'];
const LOG_FRAMES = ['message', 'message_updated', 'changes'];

/** A reader who keeps a room up to date and goes away now and then. */
class Wanderer {
  private socket: ChatSocket | null = null;

  constructor(
    private readonly scene: Scene,
    private readonly person: Person,
    readonly known: { snapshot: RoomSnapshot },
    private readonly door: 'one room' | 'many rooms',
  ) {}

  async come(): Promise<void> {
    const { roomId, stage } = this.scene;
    const { position, epoch } = this.known.snapshot;
    const path = this.door === 'one room' ? `/${roomId}?after_seq=${position}&epoch=${epoch}` : '';
    this.socket = await ChatSocket.open(stage.server, this.person, { path });
    if (path === '') this.socket.send({ type: 'join', room_id: roomId, after_seq: position, epoch });
  }

  /** Waits until the room is known up to `seq`, if one is named; then goes with what has come so far. */
  async go(seq?: number): Promise<void> {
    const socket = this.socket!;
    if (seq !== undefined) {
      await socket.next(({ type, data }) => (type === 'changes' ? data.last_seq : data?.seq) === seq);
    }
    await socket.close();
    const frames = socket.frames.filter(({ type }) => LOG_FRAMES.includes(type));
    this.known.snapshot = this.known.snapshot.after(frames);
  }
}

describe('several authors who change all that may be changed, at once', () => {
  let stage: ReplayStage;

  beforeAll(async () => {
    stage = await ReplayStage.build();
  });
  afterAll(() => stage.server.stop());

  itBySeed('leave everybody who reads, or comes back, with the room as it is', async (random) => {
    const scene = await stage.aScene('private');
    const { owner, moderator, member, stranger, roomId } = scene;
    await scene.put(moderator, 'owner');
    await scene.put(stranger, 'member');
    const base = await RoomSnapshot.take(owner, roomId);
    const wanderers = [owner, moderator].flatMap((person) =>
      (['one room', 'many rooms'] as const).map(
        (door) => new Wanderer(scene, person, { snapshot: base }, door),
      ),
    );
    let polled = base;
    const away = new Set(wanderers.slice(1));
    await wanderers[0]!.come();

    for (let round = 0; round < ROUNDS; round++) {
      const busy = [owner, moderator, member, stranger].map((author) =>
        actSeveralTimes(scene, author, random),
      );
      for (const wanderer of wanderers) {
        if (away.has(wanderer)) {
          await wanderer.come();
          away.delete(wanderer);
        } else if (random.below(2) === 0) {
          await wanderer.go();
          away.add(wanderer);
        }
      }
      polled = await polled.afterChanges(owner, 1 + random.below(20));
      await Promise.all(busy);
    }

    const marker = await scene.say('the end', {}, owner);
    const end = await RoomSnapshot.take(owner, roomId);
    expect(end.messages.get(marker)!.seq).toBe(end.position);
    for (const wanderer of wanderers) {
      if (away.has(wanderer)) await wanderer.come();
      await wanderer.go(end.position);
      expect(wanderer.known.snapshot.comparable()).toEqual(end.comparable());
    }
    expect((await polled.afterChanges(owner, 7)).comparable()).toEqual(end.comparable());
    expect((await base.afterChanges(owner, 100)).comparable()).toEqual(end.comparable());
    expect(end.position).toBeGreaterThan(base.position + 10);
  });

  async function actSeveralTimes(scene: Scene, author: Person, random: SeededRandom): Promise<void> {
    for (let n = 0; n < ACTS_EACH; n++) await act(scene, author, random).catch(mustBeRefused);
  }

  /** Anything that the author may try; much of it is refused, to plain members most. */
  function act(scene: Scene, author: Person, random: SeededRandom): Promise<unknown> {
    const { member, stranger } = scene;
    const id = 1 + random.below(30);
    const someone = random.pick([member, stranger]);
    const text = `${random.pick(['', '@owner ', '@room ', '@member, @stranger: '])}${random.below(1000)}`;
    const attempts: (() => Promise<unknown>)[] = [
      () => scene.say(text, {}, author),
      () => scene.say(text, { reply_to_id: id }, author),
      () => scene.do(author, 'patch', `/messages/${id}`, { content: text }),
      () => scene.erase(id, author),
      () => scene.react(id, random.pick(EMOJI), author),
      () => scene.unreact(id, random.pick(EMOJI), author),
      () => scene.do(author, random.pick(['put', 'delete']), `/messages/${id}/pin`),
      () => scene.do(author, 'patch', '', { description: text, slow_mode_seconds: 0 }),
      () => scene.do(author, 'put', `/members/${someone.id}`, { role: random.pick(['member', 'moderator']) }),
      () => scene.do(author, 'delete', `/members/${someone.id}`),
      () => scene.do(author, 'put', `/bans/${someone.id}`, { reason: text }),
      () => scene.do(author, 'delete', `/bans/${someone.id}`),
      () => scene.do(author, random.pick(['put', 'delete']), `/mutes/${someone.id}`),
    ];
    // Talking more often than anything else.
    return attempts[Math.min(random.below(attempts.length), random.below(attempts.length))]!();
  }
});

function mustBeRefused(error: unknown): void {
  if (!(error instanceof Error) || !/^refused with 4/.test(error.message)) throw error;
}
