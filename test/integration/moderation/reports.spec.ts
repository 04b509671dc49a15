import type { Message } from '../../../src/protocol/models';
import type { AuditPage, FiledReport, Report, ReportPage } from '../../../src/protocol/moderation';
import { type Answer, aPerson, type Person } from '../../support/person';
import { startTestServer } from '../../support/test-server';
import { Stage } from '../rooms/stage';

let stage: Stage;
let roomId: number;
let message: Message;

beforeAll(async () => {
  stage = await Stage.build();
});
beforeEach(async () => {
  roomId = await stage.aRoom();
  ({ body: message } = await stage.ada.post<Message>(`/rooms/${roomId}/messages`, { content: 'Buy now!' }));
});
afterAll(() => stage.server.stop());

function report(person: Person, reason: unknown = 'spam', id = message.id): Promise<Answer<FiledReport>> {
  return person.post<FiledReport>(`/rooms/${roomId}/messages/${id}/reports`, { reason });
}

const decide = (id: number, decision: object) => stage.admin.patch<Report>(`/reports/${id}`, decision);

async function listed(query = ''): Promise<Report[]> {
  return (await stage.admin.get<ReportPage>(`/reports?limit=100${query}`)).body.reports;
}

describe('A report', () => {
  it('is answered to the reader with what they said, and shown to administrators with the message', async () => {
    const filed = await report(stage.bob, '  spam  ');

    expect(filed).toMatchObject({
      status: 201,
      body: { room_id: roomId, message_id: message.id, reason: 'spam' },
    });
    expect(Object.keys(filed.body).sort()).toEqual(['created_at', 'id', 'message_id', 'reason', 'room_id']);
    expect((await listed())[0]).toEqual({
      ...filed.body,
      status: 'open',
      reporter_id: stage.bob.id,
      message,
      note: null,
      resolved_by: null,
      resolved_at: null,
    });
  });

  it('is made once for each reader and message: repeated, it is the first', async () => {
    const first = await report(stage.bob, 'spam');
    const again = await report(stage.bob, 'something else');
    const other = await report(stage.admin, 'me too');

    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(other.status).toBe(201);
    expect(other.body.id).not.toBe(first.body.id);
  });

  it('is made once, too, when it is made several times at the same instant', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => report(stage.bob)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('stays the answer though the message is gone by then', async () => {
    const first = await report(stage.bob);
    await stage.ada.delete(`/rooms/${roomId}/messages/${message.id}`);

    expect(await report(stage.bob)).toMatchObject({ status: 200, body: first.body });
    expect(await report(stage.admin)).toMatchObject({ status: 409, body: { code: 'message_deleted' } });
    expect((await listed())[0]).toMatchObject({ message: { content: null } });
  });

  it('is not for messages of one’s own, of the system, or that are not there', async () => {
    await stage.server.dataSource.query(
      `INSERT INTO messages (room_id, id, seq, kind, event, created_at) VALUES ($1, 2, 2, 'system', '{}', now())`,
      [roomId],
    );

    expect(await report(stage.ada)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await report(stage.bob, 'odd', 2)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await report(stage.bob, 'odd', 99)).toMatchObject({
      status: 404,
      body: { code: 'message_not_found' },
    });
  });

  it.each(['', '   ', 'x'.repeat(1001), 7, null, undefined, 'a\0b'])(
    'needs a reason, not %j',
    async (reason) => {
      const answer = await stage.bob.post(`/rooms/${roomId}/messages/1/reports`, { reason });

      expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    },
  );
});

describe('Administrators', () => {
  it('read reports newest first, by status and page by page', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 5; n++) {
      const { body } = await stage.ada.post<Message>(`/rooms/${roomId}/messages`, { content: `offer ${n}` });
      ids.unshift((await report(stage.bob, 'spam', body.id)).body.id);
    }
    await decide(ids[1]!, { status: 'dismissed' });
    await decide(ids[3]!, { status: 'resolved' });

    const first = (await stage.admin.get<ReportPage>('/reports?limit=2')).body;
    const second = (await stage.admin.get<ReportPage>(`/reports?limit=2&cursor=${first.next_cursor}`)).body;

    expect([...first.reports, ...second.reports].map(({ id }) => id)).toEqual(ids.slice(0, 4));
    expect(first).toMatchObject({ has_more: true, next_cursor: ids[1] });
    const idsOf = async (status: string) =>
      (await listed(`&status=${status}`)).map(({ id }) => id).filter((id) => ids.includes(id));
    expect(await idsOf('open')).toEqual([ids[0], ids[2], ids[4]]);
    expect(await idsOf('dismissed')).toEqual([ids[1]]);
    expect(await idsOf('resolved')).toEqual([ids[3]]);
  });

  it('decide, and may decide anew; each decision is in the audit log, a repetition is not', async () => {
    const { id } = (await report(stage.bob)).body;

    const resolved = await decide(id, { status: 'resolved', note: 'Deleted.' });
    await decide(id, { status: 'resolved', note: 'Deleted.' });
    await decide(id, { status: 'resolved' });
    const dismissed = await decide(id, { status: 'dismissed', note: null });

    expect(resolved).toMatchObject({
      status: 200,
      body: { id, status: 'resolved', note: 'Deleted.', resolved_by: stage.admin.id, reason: 'spam' },
    });
    expect(dismissed.body).toMatchObject({ status: 'dismissed', note: null });
    const { entries } = (await stage.admin.get<AuditPage>(`/audit?room_id=${roomId}`)).body;
    const act = {
      actor_id: stage.admin.id,
      room_id: roomId,
      message_id: message.id,
      details: { report_id: id },
    };
    expect(entries).toMatchObject([
      { ...act, action: 'report.dismissed', reason: null },
      { ...act, action: 'report.resolved', reason: 'Deleted.' },
    ]);
  });

  it.each([
    {},
    { status: 'open' },
    { note: 'x' },
    { status: 'resolved', note: 7 },
    { status: 'resolved', id: 1 },
  ])('cannot decide %j', async (decision) => {
    const { id } = (await report(stage.bob)).body;

    expect(await decide(id, decision)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect((await listed())[0]).toMatchObject({ id, status: 'open' });
  });

  it('find no report where there is none', async () => {
    expect(await decide(999_999, { status: 'resolved' })).toMatchObject({
      status: 404,
      body: { code: 'report_not_found' },
    });
  });

  it.each(['limit=0', 'limit=101', 'cursor=0', 'cursor=x', 'status=closed', 'status=', 'sort=id'])(
    'are refused ?%s',
    async (query) => {
      expect((await stage.admin.get(`/reports?${query}`)).status).toBe(400);
    },
  );
});

describe('Reports', () => {
  it('are limited for each user like messages', async () => {
    const limits = { ...stage.server.config.limits, messages_per_window: 2 };
    const server = await startTestServer({ rateLimitsEnabled: true, limits });
    const eager = await aPerson(server, 'eager');
    await server.dataSource.query(
      `INSERT INTO messages (room_id, id, seq, content, created_at) SELECT 1, n, n, 'spam', now()
         FROM generate_series(1, 3) AS n`,
    );

    const answers = [];
    for (const id of [1, 2, 2, 3]) {
      answers.push(await eager.post(`/rooms/1/messages/${id}/reports`, { reason: 'spam' }));
    }

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 200, 429]);
    await server.stop();
  });
});
