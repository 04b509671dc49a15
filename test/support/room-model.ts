import type { MemberPage, MemberRole, Message, RestrictionPage, Room } from '../../src/protocol/models';
import type { RoomEvent } from '../../src/protocol/room-events';
import type { Frame } from './chat-socket';
import type { Person } from './person';

/** What a client shows of a room beside its messages. */
interface RoomState {
  name: string;
  description: string | null;
  visibility: Room['visibility'];
  slowModeSeconds: number;
  members: Map<number, MemberRole>;
  bans: Map<number, { reason: string | null; until: string | null }>;
  mutes: Map<number, { until: string | null }>;
}

/** A room as it is asked for, or as a client keeps it up to date by what it is sent. */
export class RoomModel {
  private constructor(private readonly state: RoomState) {}

  /** Asks the server, as somebody who may see everything about the room. */
  static async read(person: Person, roomId: number): Promise<RoomModel> {
    const path = `/rooms/${roomId}`;
    const { body: room } = await person.get<Room>(path);
    const { body: members } = await person.get<MemberPage>(`${path}/members?limit=100`);
    const { body: bans } = await person.get<RestrictionPage>(`${path}/bans?limit=100`);
    const { body: mutes } = await person.get<RestrictionPage>(`${path}/mutes?limit=100`);
    return new RoomModel({
      name: room.name,
      description: room.description,
      visibility: room.visibility,
      slowModeSeconds: room.slow_mode_seconds,
      members: new Map(members.members.map(({ user, role }) => [user.id, role])),
      bans: new Map(bans.restrictions.map(({ user, reason, until }) => [user.id, { reason, until }])),
      mutes: new Map(mutes.restrictions.map(({ user, until }) => [user.id, { until }])),
    });
  }

  copy(): RoomModel {
    const { members, bans, mutes, ...rest } = this.state;
    const copies = { members: new Map(members), bans: new Map(bans), mutes: new Map(mutes) };
    return new RoomModel({ ...rest, ...copies });
  }

  /** What must be the same for whoever knows the room; the members without whom the log does not tell of, if it does not. */
  shown({ withMembers }: { withMembers: boolean }): object {
    const { members, ...rest } = this.state;
    return withMembers ? { ...rest, members } : rest;
  }

  /** Takes an entry of the log; those that tell of no event change nothing here. */
  apply({ event: told }: Message): void {
    if (!told) return;
    const event = told as unknown as RoomEvent;
    const { state } = this;
    switch (event.type) {
      case 'message_pinned':
      case 'message_unpinned':
        return;
      case 'room_renamed':
        return void (state.name = event.to);
      case 'room_description_changed':
        return void (state.description = event.to);
      case 'room_visibility_changed':
        return void (state.visibility = event.to);
      case 'room_slow_mode_changed':
        return void (state.slowModeSeconds = event.to);
      case 'member_joined':
        return void state.members.set(event.user_id, 'member');
      case 'member_added':
        return void state.members.set(event.user_id, event.role);
      case 'member_left':
      case 'member_removed':
        return void state.members.delete(event.user_id);
      case 'role_changed':
        return void state.members.set(event.user_id, event.to);
      case 'member_banned':
        state.members.delete(event.user_id);
        return void state.bans.set(event.user_id, { reason: event.reason, until: event.until });
      case 'member_unbanned':
        return void state.bans.delete(event.user_id);
      case 'member_muted':
        return void state.mutes.set(event.user_id, { until: event.until });
      case 'member_unmuted':
        return void state.mutes.delete(event.user_id);
      default:
        throw new Error(`An event that no client knows: ${JSON.stringify(event satisfies never)}`);
    }
  }

  /** Takes a frame about the room that is not in its log. */
  hear({ type, data }: Frame): void {
    const { members } = this.state;
    if (type === 'room_updated') {
      const { name, description, visibility, slow_mode_seconds } = data as Room;
      Object.assign(this.state, { name, description, visibility, slowModeSeconds: slow_mode_seconds });
    } else if (type === 'member_updated') {
      const { user, role } = data as { user: { id: number }; role: MemberRole | null };
      if (role === null) members.delete(user.id);
      else members.set(user.id, role);
    }
  }
}
