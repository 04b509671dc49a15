import type { ChatSocket, Frame } from './chat-socket';

/** Sends the frames at once; gives their direct answers in order. */
export function burst(socket: ChatSocket, frames: object[]): Promise<Frame[]> {
  return Promise.all(frames.map((frame) => socket.request(frame)));
}

/** What each frame is: the code of an error, else the type. */
export const codes = (frames: Frame[]): string[] => frames.map(({ type, code }) => code ?? type);

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
