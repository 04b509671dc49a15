import { EVERYONE } from '../chat/message-mention.entity';

/**
 * SQL for how many messages mention a user behind their reading mark, by name or all together, their own apart: two
 * ranges of the key of `message_mentions`, whose rows are those that are counted. Zero where the mark is null.
 *
 * @param names how the statement names the room's id, the user's id and the mark
 */
export function unreadMentions({
  roomId,
  userId,
  mark,
}: Record<'roomId' | 'userId' | 'mark', string>): string {
  return `(SELECT count(*) FROM message_mentions mention
     WHERE mention.room_id = ${roomId} AND mention.user_id IN (${EVERYONE}, ${userId})
       AND mention.message_id > ${mark} AND mention.author_id <> ${userId})`;
}
