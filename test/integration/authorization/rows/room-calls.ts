import type { CallRow } from '../call-row';

/** Rooms themselves. The columns: stranger removed banned member moderator owner admin. */
export const ROOM_CALLS: CallRow[] = [
  {
    call: 'GET /rooms/{id}',
    send: ({ actor, room }) => actor.get(`/rooms/${room.id}`),
    public: '   200 200 banned 200 200 200 200',
    private: '  -   -   -      200 200 200 -',
    direct: '   -   -   -      200 -   -   -',
    archived: ' -   -   -      200 200 200 -',
  },
  {
    call: 'PATCH /rooms/{id}',
    send: ({ actor, room }) => actor.patch(`/rooms/${room.id}`, { description: 'changed' }),
    public: '   forbidden forbidden banned forbidden 200* 200* 200*',
    private: '  -         -         -      forbidden 200* 200* 200*',
    direct: '   -         -         -      forbidden -    -    -',
  },
  {
    call: 'DELETE /rooms/{id}',
    send: ({ actor, room }) => actor.delete(`/rooms/${room.id}`),
    public: '   forbidden forbidden banned forbidden forbidden 204* 204*',
    private: '  -         -         -      forbidden forbidden 204* 204*',
    direct: '   -         -         -      forbidden -         -    -',
    archived: ' -         -         -      forbidden forbidden 204  204',
  },
  {
    call: 'POST /rooms/{id}/join',
    send: ({ actor, room }) => actor.post(`/rooms/${room.id}/join`),
    public: '   200* 200* banned 200 200 200 200*',
    private: '  -    -    -      200 200 200 -',
    direct: '   -    -    -      200 -   -   -',
  },
  {
    call: 'POST /rooms/{id}/leave',
    send: ({ actor, room }) => actor.post(`/rooms/${room.id}/leave`),
    public: '   204 204 banned 204*      204* 204* 204',
    private: '  -   -   -      204*      204* 204* -',
    direct: '   -   -   -      forbidden -    -    -',
  },
  {
    call: 'PUT /rooms/{id}/read',
    send: ({ actor, room }) => actor.put(`/rooms/${room.id}/read`, { message_id: 2 }),
    public: '   not_a_member not_a_member banned 200* 200* 200* not_a_member',
    private: '  -            -            -      200* 200* 200* -',
    direct: '   -            -            -      200* -    -    -',
  },
  {
    call: 'GET /rooms/{id}/presence',
    send: ({ actor, room }) => actor.get(`/rooms/${room.id}/presence`),
    public: '   200 200 banned 200 200 200 200',
    private: '  -   -   -      200 200 200 -',
    direct: '   -   -   -      200 -   -   -',
  },
];
