import { ERROR_CODES } from '../../src/protocol/error-codes';
import type { ServerFrame } from '../../src/protocol/frames';
import { newMessage } from '../../src/chat/message-row';
import type { Protocol, Reading } from './protocol';
import { PROTOCOLS } from './protocols';

const { 'simple-chat': simpleChat, plain, 'socket.io': socketIo } = PROTOCOLS;

const message = newMessage({
  id: 1,
  seq: 2,
  room_id: 3,
  user_id: 4,
  username: 'ada',
  content: 'hi',
  client_msg_id: null,
  reply_to_id: null,
  created_at: '2026-01-01T00:00:00.000Z',
});
const page = { room_id: 3, messages: [message], last_seq: 2, epoch: 'e' };

/** Reads a frame as it stands in a network's buffer: not at the beginning. */
function read(protocol: Protocol, text: string): Reading {
  const bytes = Buffer.from(`....${text}....`);
  return protocol.read(bytes, 4, bytes.length - 4);
}

function isLastMissed(frame: ServerFrame): boolean {
  const bytes = Buffer.from(`....${JSON.stringify(frame)}....`);
  return simpleChat.isLastMissed(bytes, 4, bytes.length - 4);
}

describe('The protocol of Simple Chat', () => {
  it.each<[Reading, ServerFrame]>([
    ['live', { type: 'message', data: message }],
    ['other', { type: 'message_updated', data: message }],
    ['ready', { type: 'messages_history', data: { ...page, has_more: false, next_cursor: null } }],
    ['missed', { type: 'changes', data: { ...page, has_more: false } }],
    ['ack', { type: 'ack', request_id: 'r', data: { ...message, duplicate: false } }],
    ['refusal', { type: 'error', code: 'rate_limited', message: '', retryable: true }],
    ['other', { type: 'authenticated', data: { expires_at: '' } }],
    ['other', { type: 'presence', data: { room_id: 3, count: 1 } }],
    ['other', { type: 'room_updated', data: {} }],
    ['other', { type: 'read', data: { room_id: 3, user_id: 4, message_id: 1 } }],
    ['other', { type: 'reconnect', data: { after_ms: 1 } }],
    ['other', { type: 'pong' }],
  ])('reads as %s what it is', (reading, frame) => {
    expect(read(simpleChat, JSON.stringify(frame))).toBe(reading);
  });

  it('knows the last page of what was missed', () => {
    expect(isLastMissed({ type: 'changes', data: { ...page, has_more: false } })).toBe(true);
    expect(isLastMissed({ type: 'changes', data: { ...page, has_more: true } })).toBe(false);
  });

  it('finds the texts of live and of missed messages', () => {
    expect(simpleChat.texts(JSON.stringify({ type: 'message', data: message }))).toEqual(['hi']);
    expect(simpleChat.texts(JSON.stringify({ type: 'changes', data: page }))).toEqual(['hi']);
  });

  it('tells which message was refused', () => {
    const [code] = ERROR_CODES;

    expect(simpleChat.refusedId(JSON.stringify({ type: 'error', code, client_msg_id: 'm1' }))).toBe('m1');
    expect(simpleChat.refusedId(JSON.stringify({ type: 'error', code }))).toBeNull();
  });

  it('finds the number of a message in its room, and up to which one a page goes', () => {
    const bytesOf = (frame: ServerFrame) => Buffer.from(`....${JSON.stringify(frame)}....`);
    const live = bytesOf({ type: 'message', data: { ...message, id: 4711, seq: 4812 } });
    const missed = bytesOf({ type: 'changes', data: { ...page, last_seq: 4813, has_more: false } });
    const newest = bytesOf({
      type: 'messages_history',
      data: { ...page, last_seq: 4814, has_more: false, next_cursor: null },
    });

    expect(simpleChat.seq(live, 4)).toBe(4812);
    expect(simpleChat.lastSeq(missed, missed.length - 4)).toBe(4813);
    expect(simpleChat.lastSeq(newest, newest.length - 4)).toBe(4814);

    const behind = Buffer.from(`${JSON.stringify(page)}"last_seq":9`);
    expect(simpleChat.lastSeq(behind, behind.length - '"last_seq":9'.length)).toBe(2);
    expect(plain.seq(live, 4)).toBeNull();
  });

  it('resumes where the client asks it to', () => {
    const client = { room: 3, sender: null, user: 4, token: 't' };

    expect(simpleChat.handshake(client).path).toBe('/api/v1/ws/3');
    expect(simpleChat.handshake({ ...client, afterSeq: 7 }).path).toBe('/api/v1/ws/3?after_seq=7');
  });
});

describe('The protocols of the peers', () => {
  it('read a message and the word that one is in the room', () => {
    expect(read(plain, '{"event":"message","data":{"content":"hi"}}')).toBe('live');
    expect(read(plain, '{"event":"joined","data":{}}')).toBe('ready');
    expect(read(socketIo, '42["message",{"content":"hi"}]')).toBe('live');
    expect(read(socketIo, '42["joined",{}]')).toBe('ready');
  });

  it('find the text of a message', () => {
    expect(plain.texts('{"event":"message","data":{"content":"hi"}}')).toEqual(['hi']);
    expect(socketIo.texts('42["message",{"content":"hi"}]')).toEqual(['hi']);
  });

  it('tell Engine.IO’s own packets from messages', () => {
    expect(read(socketIo, '0{"sid":"m"}')).toBe('other');
    expect(read(socketIo, '40{"sid":"m"}')).toBe('other');
    expect(read(socketIo, '2')).toBe('ping');
  });
});
