import '../../../test/support/quiet-log';
import { type OnFakeSocket, aConnection } from '../../../test/support/a-connection';
import { Gate } from '../../../test/support/gate';
import { ManualClock } from '../../../test/support/manual-clock';
import { settled } from '../../../test/support/turns';
import { ChatError } from '../../common/chat-error';
import { Metrics } from '../../health/metrics';
import { FrameReader } from './frame-reader';
import { Gateways } from './gateways';

describe('a reader of frames, when no more can be stored', () => {
  let on: OnFakeSocket;
  let handled: string[];
  let gate: Gate;
  let refusal: ChatError | null;
  let reader: FrameReader;
  let gateways: Gateways;

  beforeEach(() => {
    on = aConnection();
    handled = [];
    gate = new Gate();
    refusal = null;
    gateways = new Gateways();
    const answer = (type: string) => (body: Record<string, unknown>) => {
      handled.push(`${type} ${String(body.request_id)}`);
      return gate.pass(() => ({ type: 'pong', request_id: body.request_id }));
    };
    gateways.bind(
      on.connection,
      ['message', 'add_reaction', 'fetch_messages'].map((type) => ({
        message: type,
        methodName: type,
        callback: answer(type),
        isAckHandledManually: false,
      })),
    );
    reader = new FrameReader(on.connection, gateways, {
      clock: new ManualClock(),
      metrics: new Metrics(),
      limits: null,
      databaseFaults: { meet: () => undefined },
      commits: {
        get refusal() {
          return refusal;
        },
      },
    });
  });

  const say = (type: string, request_id: string) =>
    reader.receive(Buffer.from(JSON.stringify({ type, request_id })), false);

  const answers = () =>
    on.socket.frames.map((frame) => {
      const { type, code, request_id } = frame as { type: string; code?: string; request_id?: string };
      return `${code ?? type} ${request_id}`;
    });

  it('refuses changes without handling them, and nothing else', async () => {
    refusal = new ChatError('server_busy', { outcome: 'not_stored', retryAfterMs: 1000 });

    for (const type of ['message', 'add_reaction', 'fetch_messages']) say(type, type);
    await settled();

    expect(handled).toEqual(['fetch_messages fetch_messages']);
    expect(answers()).toEqual(['server_busy message', 'server_busy add_reaction', 'pong fetch_messages']);
    expect(on.socket.frames[0]).toMatchObject({
      retryable: true,
      retry_after_ms: 1000,
      outcome: 'not_stored',
    });
  });

  it('answers what a handler refuses behind the commits of the messages before it', async () => {
    const commit = new Gate();
    commit.hold();
    let count = 0;
    gateways.bind(on.connection, [
      {
        message: 'message',
        methodName: 'message',
        callback: ({ request_id }: { request_id: string }) => {
          if (++count === 2) throw new ChatError('message_empty', { outcome: 'not_stored' });
          return Promise.resolve({ settling: commit.pass(() => ({ type: 'ack', request_id })) });
        },
        isAckHandledManually: false,
      },
    ]);
    for (const request_id of ['1', '2', '3']) say('message', request_id);
    await settled();
    const meanwhile = answers();

    commit.open();
    await settled();

    expect(meanwhile).toEqual([]);
    expect(answers()).toEqual(['ack 1', 'message_empty 2', 'ack 3']);
  });

  it('answers in the order of the frames, whichever it refuses', async () => {
    gate.hold();
    say('add_reaction', '1');
    await settled();
    refusal = new ChatError('server_busy', { outcome: 'not_stored' });
    say('message', '2');
    refusal = null;
    say('message', '3');
    await settled();
    const meanwhile = answers();

    gate.open();
    await settled();

    expect(meanwhile).toEqual([]);
    expect(answers()).toEqual(['pong 1', 'server_busy 2', 'pong 3']);
  });
});
