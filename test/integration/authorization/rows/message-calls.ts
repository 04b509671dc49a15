import type { CallRow, Scene } from '../call-row';
import { MESSAGE, REACTION } from '../room-plan';

const messages = ({ room }: Scene) => `/rooms/${room.id}/messages`;
const pathOf = (scene: Scene, message: keyof typeof MESSAGE) => `${messages(scene)}/${MESSAGE[message]}`;

/** What whoever reads a room may read of it, be it archived. */
const READING = {
  public: '   200 200 banned 200 200 200 200',
  private: '  -   -   -      200 200 200 -',
  direct: '   -   -   -      200 -   -   -',
  archived: ' -   -   -      200 200 200 -',
};
/** What moderators may do, and in public rooms administrators. */
const moderating = (done: string) => ({
  public: `   forbidden forbidden banned forbidden ${done} ${done} ${done}`,
  private: `  -         -         -      forbidden ${done} ${done} -`,
  direct: '   -         -         -      forbidden -    -    -',
});
/** What members may do. */
const belonging = (done: string) => ({
  public: `   not_a_member not_a_member banned ${done} ${done} ${done} not_a_member`,
  private: `  -            -            -      ${done} ${done} ${done} -`,
  direct: `   -            -            -      ${done} -    -    -`,
});
/** What authors may do with their own words wherever they still see them. */
const own = (done: string) => ({
  public: `   ${done} ${done} banned ${done} ${done} ${done} ${done}`,
  private: `  -    -    -      ${done} ${done} ${done} -`,
  direct: `   -    -    -      ${done} -    -    -`,
});

/** The messages of a room. The columns: stranger removed banned member moderator owner admin. */
export const MESSAGE_CALLS: CallRow[] = [
  {
    call: 'GET /rooms/{room_id}/messages',
    send: (scene) => scene.actor.get(messages(scene)),
    ...READING,
  },
  {
    call: 'GET /rooms/{room_id}/messages',
    case: 'a thread',
    send: (scene) => scene.actor.get(`${messages(scene)}?thread=1`),
    ...READING,
  },
  {
    call: 'GET /rooms/{room_id}/changes',
    send: ({ actor, room }) => actor.get(`/rooms/${room.id}/changes?after_seq=0`),
    ...READING,
  },
  {
    call: 'GET /rooms/{room_id}/messages/{message_id}',
    send: (scene) => scene.actor.get(pathOf(scene, 'ofAuthor')),
    ...READING,
  },
  {
    call: 'POST /rooms/{room_id}/messages',
    send: (scene) => scene.actor.post(messages(scene), { content: 'and so do I' }),
    ...own('201*'),
  },
  {
    call: 'POST /rooms/{room_id}/messages',
    case: 'an answer to one',
    send: (scene) => scene.actor.post(messages(scene), { content: 'yes', reply_to_id: MESSAGE.ofAuthor }),
    ...own('201*'),
  },
  {
    call: 'PATCH /rooms/{room_id}/messages/{message_id}',
    case: 'one’s own',
    send: (scene) => scene.actor.patch(pathOf(scene, 'ofActor'), { content: 'mended' }),
    ...own('200*'),
  },
  {
    call: 'PATCH /rooms/{room_id}/messages/{message_id}',
    case: 'somebody else’s',
    send: (scene) => scene.actor.patch(pathOf(scene, 'ofAuthor'), { content: 'mended' }),
    public: '   forbidden forbidden banned forbidden forbidden forbidden forbidden',
    private: '  -         -         -      forbidden forbidden forbidden -',
    direct: '   -         -         -      forbidden -         -         -',
  },
  {
    call: 'DELETE /rooms/{room_id}/messages/{message_id}',
    case: 'one’s own',
    send: (scene) => scene.actor.delete(pathOf(scene, 'ofActor')),
    ...own('204*'),
  },
  {
    call: 'DELETE /rooms/{room_id}/messages/{message_id}',
    case: 'somebody else’s',
    send: (scene) => scene.actor.delete(pathOf(scene, 'ofAuthor')),
    ...moderating('204*'),
  },
  {
    call: 'PUT /rooms/{room_id}/messages/{message_id}/reactions/{emoji}',
    send: (scene) => scene.actor.put(`${pathOf(scene, 'ofActor')}/reactions/${encodeURIComponent(REACTION)}`),
    ...belonging('200*'),
  },
  {
    call: 'DELETE /rooms/{room_id}/messages/{message_id}/reactions/{emoji}',
    send: (scene) =>
      scene.actor.delete(`${pathOf(scene, 'ofAuthor')}/reactions/${encodeURIComponent(REACTION)}`),
    ...belonging('204*'),
  },
  {
    call: 'PUT /rooms/{room_id}/messages/{message_id}/pin',
    send: (scene) => scene.actor.put(`${pathOf(scene, 'ofAuthor')}/pin`),
    ...moderating('200*'),
  },
  {
    call: 'DELETE /rooms/{room_id}/messages/{message_id}/pin',
    send: (scene) => scene.actor.delete(`${pathOf(scene, 'pinned')}/pin`),
    ...moderating('204*'),
  },
  {
    call: 'GET /search/messages',
    case: 'in one room',
    send: ({ actor, room }) => actor.get(`/search/messages?q=hello&room_id=${room.id}`),
    public: '   200 200 banned 200 200 200 200',
    private: '  -   -   -      200 200 200 -',
    direct: '   -   -   -      200 -   -   -',
  },
];
