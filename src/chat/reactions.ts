import { ChatError } from '../common/chat-error';
import type { Reaction } from '../protocol/models';

/** One emoji: any sequence that Unicode recommends for general interchange (UTS #51, ED-27). */
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');
const EMOJI_PRESENTATION = '\uFE0F';

/**
 * The one way of writing an emoji. Some come without the selector that asks for the coloured form; it is added, or the
 * same reaction would be counted as two. Throws `validation_failed` for anything but one emoji.
 */
export function canonicalEmoji(text: string): string {
  if (EMOJI.test(text)) return text;
  const presented = text + EMOJI_PRESENTATION;
  if (EMOJI.test(presented)) return presented;
  throw ChatError.invalid('emoji', 'must be one emoji');
}

/** The reactions with one more, or one less; the same array if nothing changes. Emoji stand in the order of their first use. */
export function react(
  reactions: Reaction[],
  { userId, emoji, isOn }: { userId: number; emoji: string; isOn: boolean },
): Reaction[] {
  const present = reactions.find((reaction) => reaction.emoji === emoji);
  if ((present?.user_ids.includes(userId) ?? false) === isOn) return reactions;
  if (!present) return [...reactions, { emoji, count: 1, user_ids: [userId] }];

  const userIds = isOn ? [...present.user_ids, userId] : present.user_ids.filter((id) => id !== userId);
  const changed = { emoji, count: userIds.length, user_ids: userIds };
  return reactions
    .map((reaction) => (reaction === present ? changed : reaction))
    .filter(({ count }) => count > 0);
}
