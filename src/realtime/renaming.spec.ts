import { aConnection, type OnFakeSocket } from '../../test/support/a-connection';
import { FeedsStage } from '../../test/support/feeds-stage';
import { settled } from '../../test/support/turns';

describe('a new name of an author', () => {
  let stage: FeedsStage;

  beforeEach(() => {
    stage = new FeedsStage();
  });

  /** Joins room 1. */
  async function join(afterSeq?: number): Promise<OnFakeSocket> {
    const reader = aConnection();
    await stage.feeds.join(reader.connection, 1, { afterSeq });
    return reader;
  }

  /** Whose the messages are said to be that a client was shown, however they came. */
  const authorsOn = ({ socket }: OnFakeSocket): string[] =>
    socket.frames.flatMap((frame) => {
      if (frame.type === 'message') return [frame.data.username];
      const isPage = frame.type === 'messages_history' || frame.type === 'changes';
      return isPage ? frame.data.messages.map(({ username }) => username) : [];
    });

  it('stands on what was read while it was new: a room that is being opened', async () => {
    stage.say(1);
    stage.log.reads.hold();
    const joined = join();
    stage.log.reads.waiting[0]!.look();

    stage.feeds.renameUser(1, 'Countess');
    stage.log.reads.open();

    expect([...authorsOn(await joined), ...authorsOn(await join())]).toEqual(['Countess', 'Countess']);
  });

  it('stands on what was offered to a room that is being opened', async () => {
    stage.log.reads.hold();
    const joined = join();
    stage.log.reads.waiting[0]!.look();
    stage.feeds.offer(stage.say(1));

    stage.feeds.renameUser(1, 'Countess');
    stage.feeds.offer(stage.say(1));
    stage.log.reads.open();

    expect(authorsOn(await joined)).toEqual(['Countess', 'Countess']);
  });

  it('stands on what was being stored, live and for whoever comes later; of several names the last', async () => {
    const live = await join();
    stage.feeds.renameUser(1, 'Countess');
    stage.clock.advance(9000);
    stage.feeds.renameUser(1, 'Lovelace');
    stage.clock.advance(9999);

    stage.feeds.offer(stage.say(1));

    expect([...authorsOn(live), ...authorsOn(await join())]).toEqual(['Lovelace', 'Lovelace']);
  });

  it('stands on what waits behind a hole, however long that takes to be read', async () => {
    const live = await join();
    const [, second] = stage.say(2);
    stage.log.reads.hold();
    stage.feeds.offer([second!]);
    stage.log.reads.waiting[0]!.look();

    stage.feeds.renameUser(1, 'Countess');
    stage.feeds.offer(stage.say(1));
    stage.log.reads.open();
    await settled();

    expect(authorsOn(live)).toEqual(['Countess', 'Countess', 'Countess']);
  });

  it('stands on what was read for those who come back', async () => {
    stage.say(5);
    await join();
    stage.log.reads.hold();
    const back = join(1);
    await settled();
    stage.log.reads.waiting[0]!.look();

    stage.feeds.renameUser(1, 'Countess');
    stage.log.reads.open();

    expect([...authorsOn(await back), ...authorsOn(await join(1))]).toEqual(Array(8).fill('Countess'));
  });

  it('is left to the database when all that was under way has come', async () => {
    await join();
    stage.feeds.renameUser(1, 'Countess');
    stage.feeds.renameUser(2, 'Bobby');
    stage.clock.advance(10_000);

    stage.feeds.offer(stage.say(1));

    expect(authorsOn(await join())).toEqual(['Ada']);
  });
});
