import type { ChatSocket, Frame } from './chat-socket';

/**
 * Sends the text and a ping, and gives what came before the pong. Fails unless that is one frame;
 * the memberships of others, which may be told at any time, do not count.
 */
export async function onlyAnswerTo(socket: ChatSocket, text: string): Promise<Frame> {
  const before = socket.frames.length;
  socket.sendRaw(text);
  await expect(socket.request({ type: 'ping' })).resolves.toMatchObject({ type: 'pong' });
  const answers = socket.frames.slice(before, -1).filter(({ type }) => type !== 'member_updated');
  expect(answers).toHaveLength(1);
  return answers[0]!;
}
