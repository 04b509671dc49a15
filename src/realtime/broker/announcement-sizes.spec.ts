import { randomUUID } from 'node:crypto';
import { ManualClock } from '../../../test/support/manual-clock';
import { MemoryCarrier } from '../../../test/support/memory-broker';
import { INT4_MAX } from '../../common/canonical-integer';
import { CloseCode } from '../../protocol/close-codes';
import type { ServerFrame } from '../../protocol/frames';
import { USERNAME_MAX_CHARS } from '../../protocol/limits';
import { OwnDevices } from '../../rooms/own-devices';
import { ConnectionRegistry } from '../connection-registry';
import type { Presence } from '../presence';
import { PresenceLink } from '../presence-link';
import { PresenceReport } from '../presence-report';
import type { Announcement, AnnouncementOf, AnnouncementType } from './announcement';
import { encodeAnnouncement } from './announcement-codec';
import { LEAST_MAX_PAYLOAD_BYTES } from './broker';
import { NodeLink } from './node-link';
import { RoomSubscriptions } from './room-subscriptions';

/** More than fit into any one announcement. */
const MANY = 1000;
const USERNAME = 'x'.repeat(USERNAME_MAX_CHARS);
const NODE_ID = randomUUID();
/** A character that JSON writes with six. */
const LONGEST_CHARACTER = '\u0001';
const LONGEST_REASON = 'the room is not for you any more';

const idsFrom = (first: number) => Array.from({ length: MANY }, (_, index) => first - index);
const usersFrom = (first: number) => new Map(idsFrom(first).map((id) => [id, USERNAME]));

/** A link that keeps what is published instead of publishing it. */
function aKeepingLink() {
  const said: Announcement[] = [];
  const noop = () => undefined;
  const clock = new ManualClock();
  const broker = new MemoryCarrier().broker();
  const events = { published: noop, received: noop, dropped: noop, failed: noop, brokerChanged: noop };
  const link = new NodeLink(NODE_ID, broker, clock, events);
  jest.spyOn(link, 'publish').mockImplementation((announcement) => void said.push(announcement));
  jest.spyOn(link, 'peerIds', 'get').mockReturnValue(['another']);
  return { link, broker, clock, said };
}

function presenceReports(): Announcement[] {
  const report = new PresenceReport();
  report.changes(INT4_MAX, usersFrom(INT4_MAX));
  return [
    ...report.changes(INT4_MAX, usersFrom(INT4_MAX - MANY)),
    ...report.whole(INT4_MAX, usersFrom(INT4_MAX)),
    ...report.whole(INT4_MAX, MANY),
  ];
}

/** What is said when many rooms have someone in them and all others are to be asked for theirs. */
function presenceDigests(): Announcement[] {
  const { link, broker, clock, said } = aKeepingLink();
  const onGap = jest.spyOn(link, 'onGap');
  const presence = new PresenceLink(link, new RoomSubscriptions(broker, clock), clock, {
    intervalMs: 1,
    graceMs: 1,
  });
  const rooms = idsFrom(INT4_MAX);
  presence.serve({
    announced: () => new Map([[1, USERNAME]]),
    followedIds: () => rooms,
    expire: () => undefined,
  } as unknown as Presence);
  for (const room of rooms) presence.changed(room);
  onGap.mock.calls.forEach(([ask]) => ask());
  clock.advance(10_000);
  presence.stop();
  return said
    .filter(isOneOf('presence_digest', 'presence_wanted'))
    .map((announcement) =>
      announcement.type === 'presence_digest'
        ? { ...announcement, rooms: announcement.rooms.map(([id]) => [id, Number.MAX_SAFE_INTEGER] as const) }
        : { ...announcement, of: NODE_ID },
    );
}

function movedMarks() {
  const { link, clock, said } = aKeepingLink();
  const devices = new OwnDevices(new ConnectionRegistry(), link, clock);
  for (const userId of idsFrom(INT4_MAX)) devices.tell([INT4_MAX, userId, Number.MAX_SAFE_INTEGER]);
  clock.advance(1000);
  return said.filter(isOneOf('marks_moved'));
}

function isOneOf<T extends AnnouncementType>(...types: T[]) {
  return (announcement: Announcement): announcement is AnnouncementOf<T> =>
    (types as AnnouncementType[]).includes(announcement.type);
}

const ROOM_UPDATED: ServerFrame = {
  type: 'room_updated',
  data: {
    id: INT4_MAX,
    name: LONGEST_CHARACTER.repeat(100),
    description: LONGEST_CHARACTER.repeat(500),
    visibility: 'private',
    is_active: false,
    slow_mode_seconds: 21_600,
    updated_at: new Date(0).toISOString(),
  },
};
const of = { room_id: INT4_MAX, user_id: INT4_MAX };

/** The longest of each type, as those make them who announce it; of changes that do not fit, only the last number is told. */
const LONGEST: { [T in Exclude<AnnouncementType, 'changes'>]: () => Announcement[] } = {
  advanced: () => [{ type: 'advanced', room_id: INT4_MAX, last_seq: Number.MAX_SAFE_INTEGER }],
  frame: () => [{ type: 'frame', room_id: INT4_MAX, frame: ROOM_UPDATED, except_user_id: INT4_MAX }],
  room_closed: () => [
    { type: 'room_closed', room_id: INT4_MAX, frame: ROOM_UPDATED, code: CloseCode.RoomClosed },
  ],
  user_removed: () => [{ type: 'user_removed', ...of, code: CloseCode.Forbidden, reason: LONGEST_REASON }],
  user_renamed: () => [{ type: 'user_renamed', user_id: INT4_MAX, username: USERNAME }],
  rights_changed: () => [{ type: 'rights_changed', ...of }],
  session_ended: () => [{ type: 'session_ended', session_id: NODE_ID, reason: LONGEST_REASON }],
  user_sessions_ended: () => [
    { type: 'user_sessions_ended', user_id: INT4_MAX, reason: LONGEST_REASON, except_session_id: NODE_ID },
  ],
  user_changed: () => [{ type: 'user_changed', user_id: INT4_MAX }],
  presence_list: () => presenceReports().filter(isOneOf('presence_list')),
  presence_change: () => presenceReports().filter(isOneOf('presence_change')),
  presence_count: () => presenceReports().filter(isOneOf('presence_count')),
  presence_digest: () => presenceDigests().filter(isOneOf('presence_digest')),
  presence_wanted: () => presenceDigests().filter(isOneOf('presence_wanted')),
  typing: () => [{ type: 'typing', ...of, username: USERNAME }],
  marks_moved: movedMarks,
  hello: () => [{ type: 'hello', to: NODE_ID }],
  bye: () => [{ type: 'bye' }],
};

describe('the longest announcement of each type', () => {
  it.each(Object.entries(LONGEST))('%s fits into the smallest payload', (type, make) => {
    const made = make();

    expect(made).not.toEqual([]);
    for (const announcement of made) {
      expect(announcement.type).toBe(type);
      const bytes = Buffer.byteLength(encodeAnnouncement(NODE_ID, announcement));
      expect(bytes).toBeLessThanOrEqual(LEAST_MAX_PAYLOAD_BYTES);
    }
  });

  it('leaves nobody out where a list is told in parts', () => {
    const counts = {
      came: presenceReports()
        .filter(isOneOf('presence_change'))
        .flatMap(({ came }) => came).length,
      gone: presenceReports()
        .filter(isOneOf('presence_change'))
        .flatMap(({ gone }) => gone).length,
      listed: presenceReports()
        .filter(isOneOf('presence_list'))
        .flatMap(({ users }) => users).length,
      rooms: presenceDigests()
        .filter(isOneOf('presence_digest'))
        .flatMap(({ rooms }) => rooms).length,
      wanted: presenceDigests()
        .filter(isOneOf('presence_wanted'))
        .flatMap(({ room_ids }) => room_ids).length,
      marks: movedMarks().flatMap(({ marks }) => marks).length,
    };

    expect(counts).toEqual({ came: MANY, gone: MANY, listed: MANY, rooms: MANY, wanted: MANY, marks: MANY });
  });
});
