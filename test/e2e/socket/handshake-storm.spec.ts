import { ChatSocket, type OpenOptions, type Refusal } from '../../support/chat-socket';
import { holdTable } from '../../support/hold-table';
import { aPerson } from '../../support/person';
import { startTestServer } from '../../support/test-server';

const BURST = 3;
const DIALS = 20;

describe('when more dial at once than a node lets in', () => {
  it('those beyond the burst are told when to come again, without a question to the database', async () => {
    // The pace is as good as none, so how fast the machine is changes nothing.
    const server = await startTestServer({ upgradesPerSecond: 0.001, upgradesBurst: BURST });
    const ada = await aPerson(server, 'Ada');
    const letGo = await holdTable(server, 'sessions');
    const refusals: Refusal[] = [];

    const dials = Array.from({ length: DIALS }, () => ChatSocket.open(server, ada, { path: '/1' }));
    await new Promise<void>((resolve) => {
      for (const dial of dials) {
        dial.catch((refusal: Refusal) => {
          if (refusals.push(refusal) === DIALS - BURST) resolve();
        });
      }
    });
    await letGo();
    const settled = await Promise.allSettled(dials);

    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(BURST);
    for (const { status, problem, headers } of refusals) {
      expect({ status, code: problem.code }).toEqual({ status: 503, code: 'server_busy' });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    await server.stop();
  });

  it('those without a token, or from elsewhere, take nobody’s turn', async () => {
    const server = await startTestServer({ upgradesPerSecond: 0.001, upgradesBurst: 1 });
    const ada = await aPerson(server, 'Ada');
    const strangers: OpenOptions[] = [
      { token: null },
      { token: 'a.b.c' },
      { headers: { origin: 'http://elsewhere.example' } },
      { path: '/1?after_seq=x' },
    ];

    for (const options of strangers) await expect(ChatSocket.open(server, ada, options)).rejects.toThrow();
    const socket = await ChatSocket.open(server, ada);

    await socket.close();
    await server.stop();
  });
});
