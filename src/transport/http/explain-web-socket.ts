import { ChatError } from '../../common/chat-error';

/** Tells whoever asks for the address of a WebSocket by plain HTTP, maybe through a proxy that does not pass the offer on. */
export function explainWebSocket(): never {
  throw new ChatError('not_found', {
    message:
      'This is the address of a WebSocket, and the request does not ask for one by `Upgrade: websocket` and `Connection: Upgrade`. A proxy has to pass both on.',
  });
}
