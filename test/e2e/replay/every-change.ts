import type { NewInvite } from '../../../src/protocol/invites';
import type { RoomEvent } from '../../../src/protocol/room-events';
import type { Draft } from '../../../src/realtime/room-log';
import type { Scene } from './replay-stage';

/** What changes a room's log: somebody's draft, or an event of the room. */
export type Kind = Draft['kind'] | RoomEvent['type'];

interface Case {
  /** Does what has to be there before the first snapshot; gives what happens between it and the second. */
  arrange(scene: Scene): Promise<() => Promise<unknown>>;
  /** An account goes, and its name with it: everywhere, and without a change of any log. */
  takesName?: true;
}

const TOMORROW = '2099-01-01T00:00:00.000Z';

/** A case that needs nothing before. */
const simply = (act: (scene: Scene) => Promise<unknown>): Case => ({
  arrange: (scene) => Promise.resolve(() => act(scene)),
});

/** What is done to one and the same message, one that was talked about. */
const onMessage = (
  act: (scene: Scene, message: { id: number; replyId: number }) => Promise<unknown>,
): Case => ({
  arrange: async (scene) => {
    const message = await scene.aTalkedAboutMessage();
    return () => act(scene, message);
  },
});

/** Somebody joined as a member before. */
const onStranger = (act: (scene: Scene) => Promise<unknown>): Case => ({
  arrange: async (scene) => {
    await scene.put(scene.stranger, 'member');
    return () => act(scene);
  },
});

const opposite = ({ visibility }: Scene) => (visibility === 'public' ? 'private' : 'public');

/** The only owner deletes the account; the moderator of longest standing is the heir. */
const handedOver: Case = {
  takesName: true,
  arrange: async (scene) => {
    const mortal = await scene.stage.aMortal();
    await scene.put(mortal, 'owner');
    await scene.put(scene.owner, 'moderator');
    return () => mortal.vanish();
  },
};

/** Every kind with every way in which it comes about; in public rooms, the first of each is tried. */
export const EVERY_CHANGE: Record<Kind, Record<string, Case>> = {
  message: {
    'a message, which in a public room makes its author a member': simply((scene) =>
      scene.say('I am new', {}, scene.visibility === 'public' ? scene.stranger : scene.member),
    ),
    'a message sent twice under one name': simply(async (scene) => {
      for (const content of ['once', 'twice']) await scene.say(content, { client_msg_id: 'one name' });
    }),
    'mentions by name and of everyone': simply(async (scene) => {
      await scene.say('@owner and @stranger, look');
      await scene.say('@room, look', {}, scene.moderator);
      await scene.say('I, @owner, said so', {}, scene.owner);
    }),
    'what one writes, having read everything': {
      arrange: async (scene) => {
        await scene.do(scene.owner, 'put', '/read', { message_id: 1000 });
        return async () => {
          await scene.say('mine', {}, scene.owner);
          await scene.change({ description: 'mine, too' });
          await scene.say('yours, @owner');
          await scene.say('mine, behind yours', {}, scene.owner);
        };
      },
    },
    'a reply': onMessage((scene, { id }) => scene.say('me too', { reply_to_id: id })),
    'a reply to a reply': onMessage((scene, { replyId }) => scene.say('why?', { reply_to_id: replyId })),
  },
  edit: {
    'an edit of what was answered, pinned and reacted to': onMessage((scene, { id }) =>
      scene.edit(id, 'or this?'),
    ),
    'an edit that mentions others': simply(async (scene) => {
      const id = await scene.say('@owner, @moderator');
      for (const content of ['@moderator', 'nobody', '@member @owner']) await scene.edit(id, content);
    }),
    'several edits of one message': onMessage(async (scene, { id }) => {
      for (const content of ['a', 'b', 'b', 'c']) await scene.edit(id, content);
    }),
  },
  deletion: {
    'a deletion of what was answered, pinned and reacted to': onMessage((scene, { id }) => scene.erase(id)),
    'a deletion of what mentions somebody': {
      arrange: async (scene) => {
        const id = await scene.say('@owner!');
        return () => scene.erase(id);
      },
    },
    'a deletion of a reply': onMessage((scene, { replyId }) => scene.erase(replyId, scene.owner)),
    'a deletion of a message with its replies': onMessage(async (scene, { id, replyId }) => {
      await scene.erase(id);
      await scene.erase(replyId, scene.owner);
    }),
    'a deletion by a moderator, repeated by the author': onMessage(async (scene, { id }) => {
      await scene.erase(id, scene.moderator);
      await scene.erase(id);
    }),
    'a message that came and went': simply(async (scene) => scene.erase(await scene.say('forget this'))),
  },
  reaction: {
    'a first reaction': simply((scene) =>
      scene.react(scene.firstId, '🎉').then(() => scene.react(scene.firstId, '🎉')),
    ),
    'one more of the same, and another': onMessage(async (scene, { id }) => {
      for (const emoji of ['👍', '❤', '❤️']) await scene.react(id, emoji);
    }),
    'a reaction taken back': onMessage((scene, { id }) => scene.unreact(id, '👍', scene.owner)),
    'a reaction to what happened to the room, after more had happened': simply(async (scene) => {
      await scene.change({ name: `first ${scene.roomId}` });
      const [renamed] = await scene.newest(1);
      await scene.change({ name: `second ${scene.roomId}` });
      await scene.react(renamed!.id, '👀');
    }),
  },
  pin: {
    'pins and their removal': onMessage(async (scene, { id, replyId }) => {
      await scene.pin(replyId);
      await scene.unpin(id);
      await scene.pin(id);
    }),
  },
  message_pinned: { 'a pin': simply((scene) => scene.pin(scene.firstId)) },
  message_unpinned: { 'a pin taken away': onMessage((scene, { id }) => scene.unpin(id)) },
  room_renamed: { 'a new name': simply((scene) => scene.change({ name: `room number ${scene.roomId}` })) },
  room_description_changed: {
    'a description that comes and goes': simply(async (scene) => {
      for (const description of ['first', 'second', null]) await scene.change({ description });
    }),
    'a description': simply((scene) => scene.change({ description: 'what it is for' })),
  },
  room_visibility_changed: {
    'a room that is closed, or opened': simply((scene) => scene.change({ visibility: opposite(scene) })),
    'and back': simply(async (scene) => {
      for (const visibility of [opposite(scene), scene.visibility]) await scene.change({ visibility });
    }),
  },
  room_slow_mode_changed: { 'slow mode': simply((scene) => scene.change({ slow_mode_seconds: 30 })) },
  member_joined: {
    'an invite that is used': {
      arrange: async (scene) => {
        const { body } = await scene.do(scene.owner, 'post', '/invites', {});
        return () => scene.stranger.post(`/invites/${(body as NewInvite).code}/accept`);
      },
    },
  },
  member_left: {
    'a member who leaves': onStranger((scene) => scene.do(scene.stranger, 'post', '/leave')),
    'an owner who leaves another one': onStranger(async (scene) => {
      await scene.put(scene.stranger, 'owner');
      await scene.do(scene.stranger, 'post', '/leave');
    }),
    'a member whose account is deleted': {
      takesName: true,
      arrange: async (scene) => {
        const mortal = await scene.stage.aMortal();
        await scene.put(mortal, 'member');
        await scene.say('I shall go', {}, mortal);
        return () => mortal.vanish();
      },
    },
  },
  member_added: {
    'somebody who is added': simply((scene) => scene.put(scene.stranger, 'member')),
    'somebody who is added with rank': simply((scene) => scene.put(scene.stranger, 'moderator')),
    'somebody who is added again': onStranger(async (scene) => {
      await scene.remove(scene.stranger);
      await scene.put(scene.stranger, 'member');
    }),
  },
  member_removed: { 'a member who is removed': onStranger((scene) => scene.remove(scene.stranger)) },
  role_changed: {
    'roles up and down': simply(async (scene) => {
      for (const role of ['moderator', 'owner', 'member'] as const) await scene.put(scene.member, role);
    }),
    'one more owner': simply((scene) => scene.put(scene.moderator, 'owner')),
    'a room that is handed over, its owner being gone': handedOver,
  },
  member_banned: {
    'a ban of a member': onStranger((scene) => scene.restrict('ban', scene.stranger, { reason: 'spam' })),
    'a ban of somebody who is not there': simply((scene) => scene.restrict('ban', scene.stranger)),
    'a ban that is made longer': onStranger(async (scene) => {
      await scene.restrict('ban', scene.stranger, { until: TOMORROW });
      await scene.restrict('ban', scene.stranger, { reason: 'again' });
    }),
  },
  member_unbanned: {
    'a ban that is lifted': onStranger(async (scene) => {
      await scene.restrict('ban', scene.stranger);
      await scene.lift('ban', scene.stranger);
    }),
  },
  member_muted: {
    'a mute': simply((scene) => scene.restrict('mute', scene.member, { until: TOMORROW })),
    'a mute of somebody who is not there': simply((scene) => scene.restrict('mute', scene.stranger)),
  },
  member_unmuted: {
    'a mute that is lifted': simply(async (scene) => {
      await scene.restrict('mute', scene.member);
      await scene.lift('mute', scene.member);
    }),
  },
};
