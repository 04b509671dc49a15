import { SystemClock } from '../../../src/common/clock';
import { RegularLooks } from '../../../src/realtime/broker/regular-looks';
import { eventually } from '../../support/eventually';
import { aLossStage, expectLost, LOSSES } from '../../support/losses';
import { acquainted, cutOff, startTwoNodes, type TwoNodes } from '../../support/two-nodes';

/** The pause between two looks at what is open. */
const isPause = (delayMs: number) => delayMs >= 8_000 && delayMs < 11_000;

describe('a node', () => {
  let nodes: TwoNodes;

  beforeAll(async () => {
    // Time that passes faster, for the looks: nobody has to wait for them.
    const after = SystemClock.prototype.after;
    jest.spyOn(SystemClock.prototype, 'after').mockImplementation(function (
      this: SystemClock,
      delayMs,
      task,
    ) {
      return after.call(this, isPause(delayMs) ? delayMs / 100 : delayMs, task);
    });
    nodes = await startTwoNodes();
    await acquainted(nodes);
  });
  afterAll(async () => {
    await nodes.stop();
    jest.restoreAllMocks();
  });

  it('looks at what is open when it may have missed announcements', async () => {
    const { app, dataSource } = nodes.b;
    const look = jest.spyOn(app.get(RegularLooks), 'lookNow');

    await dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query ILIKE 'LISTEN%'`,
    );

    await eventually(() => look.mock.calls.length > 0, 'a look');
  });

  it.each(LOSSES.filter(({ title }) => ['a logout', 'a removal', 'the room’s end'].includes(title)))(
    'finds by itself, without a word from the other, what has to close after $title',
    async (loss) => {
      cutOff(nodes);
      const stage = await aLossStage(nodes, loss.visibility);

      await loss.lose(stage, nodes);

      await expectLost(nodes, loss, stage);
    },
  );
});
