import { simpleChat, SimpleChatStage } from '../contestants/simple-chat';
import { fillRooms } from '../contestants/simple-chat.data';
import { countStatements, resetStatements } from '../servers/statements';
import { withFleets } from './on-stage';
import { deliveryRemarks } from './remarks';
import type { Scenario } from './scenario';

const ROOMS = 10;
const MEMBERS_OF_ROOM = 500;
const MEMBERS_OF_ROOM_QUICK = 100;
const MISSED = 500;
const SETTLE_MS = 5000;
/** What every statement that reads messages of the log has in it, and no other. */
const READS_MESSAGES = 'FROM messages';

/** A node has just started, remembers nothing, and all come back at once, each 500 messages behind. */
export const reconnectStorm: Scenario = {
  name: 'reconnect-storm',
  group: 'peers',
  title: `${ROOMS * MEMBERS_OF_ROOM} come back, each ${MISSED} messages behind`,
  contestants: [simpleChat],
  metrics: [
    { key: 'seconds', title: 'until all have caught up', unit: 's', better: 'less' },
    { key: 'queries', title: 'queries of messages', unit: '', better: 'less' },
    { key: 'retries', title: 'told to come again', unit: '' },
  ],

  async run(bench) {
    const membersOfRoom = bench.options.quick ? MEMBERS_OF_ROOM_QUICK : MEMBERS_OF_ROOM;
    const rooms = Array.from({ length: ROOMS }, (_, index) => index + 1);
    const stage = await SimpleChatStage.open(
      bench,
      { rooms: ROOMS, membersOfRoom, senders: 0 },
      {
        prepare: (databaseUrl) => fillRooms(databaseUrl, rooms, MISSED),
        // The pace of handshakes as it comes, since a storm is what it is for.
        settings: { UPGRADES_PER_SECOND: '', UPGRADES_BURST: '' },
      },
    );
    return withFleets(bench, stage, async ({ fleets }) => {
      await resetStatements(stage.databaseUrl);
      const { tookMs, retries } = await fleets.connect({
        protocol: 'simple-chat',
        port: stage.server.port,
        clients: stage.clients.map((client) => ({ ...client, afterSeq: 0 })),
        senders: 1,
        openAtOnce: stage.clients.length,
      });
      const queries = await countStatements(stage.databaseUrl, READS_MESSAGES);
      const outcome = await fleets.settle(
        SETTLE_MS,
        rooms.map((room) => ({ room, sender: 0, last: MISSED, refused: [] })),
      );
      return {
        figures: { seconds: tookMs / 1000, queries, retries },
        remarks: [
          ...(bench.options.quick ? [`with ${stage.clients.length} clients only`] : []),
          ...deliveryRemarks(outcome),
        ],
      };
    });
  },
};
