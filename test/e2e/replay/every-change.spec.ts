import type { Message } from '../../../src/protocol/models';
import { ROOM_EVENT_TYPES } from '../../../src/protocol/room-events';
import { ChatSocket } from '../../support/chat-socket';
import { RoomSnapshot } from '../../support/room-snapshot';
import { EVERY_CHANGE, type Kind } from './every-change';
import { ReplayStage } from './replay-stage';

const CASES = Object.entries(EVERY_CHANGE).flatMap(([kind, cases]) =>
  Object.entries(cases).map(([title, one], index) => ({ kind: kind as Kind, title, index, ...one })),
);
/** In public rooms nobody's log tells of them. */
const COMINGS_AND_GOINGS = new Set<Kind>(['member_joined', 'member_left', 'member_added', 'member_removed']);

let stage: ReplayStage;

beforeAll(async () => {
  stage = await ReplayStage.build();
});
afterAll(() => stage.server.stop());

describe.each(['private', 'public'] as const)(
  'in a %s room, a snapshot from before and what came since',
  (visibility) => {
    const told = new Set<string>();

    it.each(CASES.filter(({ index }) => visibility === 'private' || index === 0))(
      'are what it is afterwards: $kind, $title',
      async ({ kind, arrange, takesName }) => {
        const scene = await stage.aScene(visibility);
        const { roomId, owner } = scene;
        const act = await arrange(scene);
        const before = await RoomSnapshot.take(owner, roomId);
        const listener = await ChatSocket.open(stage.server, owner);
        await listener.request({ type: 'join', room_id: roomId, after_seq: before.position });
        const heard = listener.frames.length;

        await act();
        await listener.request({ type: 'ping' });
        const after = await RoomSnapshot.take(owner, roomId);
        const returning = await ChatSocket.open(stage.server, owner, {
          path: `/${roomId}?after_seq=${before.position}&epoch=${before.epoch}`,
        });

        const withNames = !takesName;
        const live = before.after(listener.frames.slice(heard));
        expect(live.comparable({ withNames })).toEqual(after.comparable({ withNames }));
        // In a public room, members come and go outside the log.
        const asLogged = { withNames, withMembers: visibility === 'private' };
        for (const caughtUp of [
          await before.afterChanges(owner, 2),
          await before.afterResuming(returning, after.position),
        ]) {
          expect(caughtUp.comparable(asLogged)).toEqual(after.comparable(asLogged));
        }
        noteEvents([...after.messages.values()].filter(({ id }) => !before.messages.has(id)));
        if (visibility === 'private' || !COMINGS_AND_GOINGS.has(kind)) {
          expect(after.position).toBeGreaterThan(before.position);
        }
        await Promise.all([listener.close(), returning.close()]);
      },
    );

    const noteEvents = (messages: Message[]) => {
      for (const { event } of messages) if (event) told.add(event.type as string);
    };

    it('were so for everything that a log may tell of such a room', () => {
      const silent = visibility === 'private' ? new Set<Kind>() : COMINGS_AND_GOINGS;

      expect([...told].sort()).toEqual(ROOM_EVENT_TYPES.filter((type) => !silent.has(type)).sort());
    });
  },
);
