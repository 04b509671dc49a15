import { describeChanges } from './room-log-changes.contract';
import { describeMarks } from './room-log-marks.contract';
import { describeMentions } from './room-log-mentions.contract';
import { describeMessages } from './room-log-messages.contract';
import { describeReads } from './room-log-reads.contract';
import { RoomLogScene, type RoomLogStage } from './room-log-scene';

/** What every `RoomLog` keeps. */
export function describeRoomLog(name: string, createStage: () => Promise<RoomLogStage>): void {
  describe(`${name}, as a RoomLog,`, () => {
    let scene: RoomLogScene;

    beforeAll(async () => {
      scene = await RoomLogScene.open(await createStage());
    });
    afterAll(() => scene.stage.end());
    beforeEach(() => scene.enterFreshRooms());

    describeMessages(() => scene);
    describeChanges(() => scene);
    describeMarks(() => scene);
    describeMentions(() => scene);
    describeReads(() => scene);
  });
}
