import { type ChatSocket, Refusal } from './chat-socket';

/** The HTTP answer that a handshake got instead of a socket. */
export async function refused(opening: Promise<ChatSocket>): Promise<Refusal> {
  try {
    await (await opening).close();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('The handshake was accepted.');
}
