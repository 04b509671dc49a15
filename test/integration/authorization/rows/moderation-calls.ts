import type { CallRow } from '../call-row';
import { MESSAGE } from '../room-plan';
import { everywhere } from '../row';

const report = (messageId: number): CallRow['send'] => {
  return ({ actor, room }) =>
    actor.post(`/rooms/${room.id}/messages/${messageId}/reports`, { reason: 'spam' });
};

/** Reports. The columns: stranger removed banned member moderator owner admin. */
export const MODERATION_CALLS: CallRow[] = [
  {
    call: 'POST /rooms/{id}/messages/{message_id}/reports',
    send: report(MESSAGE.ofAuthor),
    public: '   201* 201* banned 201* 201* 201* 201*',
    private: '  -    -    -      201* 201* 201* -',
    direct: '   -    -    -      201* -    -    -',
  },
  {
    call: 'POST /rooms/{id}/messages/{message_id}/reports',
    case: 'of one’s own message',
    send: report(MESSAGE.ofActor),
    public: '   forbidden forbidden banned forbidden forbidden forbidden forbidden',
    private: '  -         -         -      forbidden forbidden forbidden -',
    direct: '   -         -         -      forbidden -         -         -',
  },
  {
    // By reporting a message somebody has shown it to the administrators, wherever it stands.
    call: 'PATCH /reports/{id}',
    send: ({ actor, room }) => actor.patch(`/reports/${room.reportId}`, { status: 'resolved' }),
    ...everywhere('forbidden forbidden forbidden forbidden forbidden forbidden 200*'),
    absent: '      forbidden forbidden forbidden forbidden forbidden forbidden report_not_found',
  },
  {
    call: 'GET /audit',
    case: 'of one room',
    send: ({ actor, room }) => actor.get(`/audit?room_id=${room.id}`),
    ...everywhere('forbidden forbidden forbidden forbidden forbidden forbidden 200'),
  },
];
