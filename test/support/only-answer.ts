import type { ChatSocket, Frame } from './chat-socket';

/** Tells what others do, which may be told at any time. */
export const isNews = ({ type }: Frame) => type === 'member_updated' || type === 'presence';

/**
 * Sends the text and a ping, and gives what came before the pong. Fails unless that is one frame;
 * what others do, which may be told at any time, does not count.
 */
export async function onlyAnswerTo(socket: ChatSocket, text: string): Promise<Frame> {
  const before = socket.frames.length;
  socket.sendRaw(text);
  await expect(socket.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
  const answers = socket.frames.slice(before, -1).filter((frame) => !isNews(frame));
  expect(answers).toHaveLength(1);
  return answers[0]!;
}
