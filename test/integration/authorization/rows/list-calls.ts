import type { RoomPage } from '../../../../src/protocol/models';
import type { SearchPage } from '../../../../src/protocol/search';
import type { CallRow } from '../call-row';
import { everywhere } from '../row';

const NOBODY = 'unlisted unlisted unlisted unlisted unlisted unlisted unlisted';

/** What whoever reads a room now finds of it. */
const READING = {
  ...everywhere(NOBODY),
  public: '   listed   listed   unlisted listed   listed   listed   listed',
  private: '  unlisted unlisted unlisted listed   listed   listed   unlisted',
  direct: '   unlisted unlisted unlisted listed   unlisted unlisted unlisted',
};

const wordFor = (found: readonly unknown[]) => (found.length > 0 ? 'listed' : 'unlisted');
const ofRooms = (body: unknown) => wordFor((body as RoomPage).rooms);
const ofMessages = (body: unknown) => wordFor((body as SearchPage).results);

/** Lists: whether a room is found in them. The columns: stranger removed banned member moderator owner admin. */
export const LIST_CALLS: CallRow[] = [
  {
    call: 'GET /rooms',
    case: 'all rooms',
    send: ({ actor, room }) => actor.get(`/rooms?search=${room.name}`),
    tells: ofRooms,
    ...READING,
  },
  {
    call: 'GET /rooms',
    case: 'one’s own rooms',
    send: ({ actor, room }) => actor.get(`/rooms?joined=true&search=${room.name}`),
    tells: ofRooms,
    ...READING,
    public: '   unlisted unlisted unlisted listed   listed   listed   unlisted',
  },
  {
    call: 'GET /search/messages',
    case: 'in all rooms',
    send: ({ actor, room }) => actor.get(`/search/messages?q=${room.word}`),
    tells: ofMessages,
    ...READING,
  },
];
