import { buildAsyncApiDocument } from './asyncapi-document';
import { DOCUMENT_CONFIG } from './generated-documents';

const LIMITS = {
  ...DOCUMENT_CONFIG.limits,
  history_page_default: 6,
  history_page_max: 77,
  typing_interval_ms: 1_500,
  presence_interval_ms: 250,
  presence_users_max: 33,
  read_frames_max_members: 44,
};

describe('the AsyncAPI document', () => {
  const { channels, components } = buildAsyncApiDocument({ ...DOCUMENT_CONFIG, limits: LIMITS });
  const { messages } = components;

  it.each([
    ['client_fetch_messages', { maximum: 77 }],
    ['client_fetch_messages', { limit: 6 }],
    ['client_typing', 'once in 1.5 s'],
    ['client_read', 'up to 44 members'],
    ['server_typing', { expires_in_ms: 3_000 }],
    ['server_presence', 'once in 0.25 s'],
    ['server_presence', 'more than 33 are online'],
    ['server_read', 'up to 44 members'],
  ])('tells in %s of the limit that is set: %j', (name, figure) => {
    const told = typeof figure === 'string' ? figure : JSON.stringify(figure).slice(1, -1);

    expect(JSON.stringify(messages[name])).toContain(told);
  });

  it('has a welcome on the socket of many rooms alone', () => {
    expect(channels.rooms?.messages).toHaveProperty('server_welcome');
    expect(channels.room?.messages).not.toHaveProperty('server_welcome');
  });
});
