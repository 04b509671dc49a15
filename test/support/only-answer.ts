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
  const pong = await socket.request({ type: 'ping' });
  expect(pong).toMatchObject({ type: 'pong' });
  const answers = socket.frames.slice(before, socket.frames.indexOf(pong)).filter((frame) => !isNews(frame));
  expect(answers).toHaveLength(1);
  return answers[0]!;
}
