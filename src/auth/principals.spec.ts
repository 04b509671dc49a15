import { FakeSessions } from '../../test/support/fake-sessions';
import { ManualClock } from '../../test/support/manual-clock';
import type { Principal } from '../common/principal';
import type { AccessTokens } from './access-token.service';
import { Principals } from './principals';
import type { SessionRepository, SessionWithUser } from './session.repository';

const SESSION = 'b7d84660-40d9-44d1-b3f5-321f1d781ae2';
const ADA: Principal = { userId: 7, username: 'ada', role: 'user', sessionId: SESSION };

function setUp() {
  const clock = new ManualClock();
  // The cache takes the time 0 for none.
  clock.advance(1);
  const sessions = new FakeSessions(clock);
  const tokens = { verify: () => ({ userId: 7, sessionId: SESSION, expiresAt: new Date(clock.now()) }) };
  const principals = new Principals(
    sessions as unknown as SessionRepository,
    tokens as unknown as AccessTokens,
    clock,
  );
  /** Asks, and lets the database answer. */
  const load = async () => {
    const result = Promise.resolve(principals.current(ADA));
    result.catch(() => undefined);
    await sessions.answer();
    return result;
  };
  return { clock, sessions, principals, load };
}

describe('Principals', () => {
  it('answers from the cache at once after the first query', async () => {
    const { sessions, principals, load } = setUp();

    expect(await load()).toEqual(ADA);
    expect(principals.current(ADA)).toEqual(ADA);
    expect(sessions.asked).toBe(1);
  });

  it('asks once for all who wait for the same session', async () => {
    const { sessions, principals } = setUp();

    const answers = Promise.all([principals.current(ADA), principals.authenticate('token')]);
    await sessions.answer();

    expect(await answers).toMatchObject([ADA, { principal: ADA }]);
    expect(sessions.asked).toBe(1);
  });

  it('believes the cache for ten seconds', async () => {
    const { clock, sessions, principals, load } = setUp();
    await load();
    sessions.change({ role: 'admin' });

    clock.advance(9_999);
    expect(principals.current(ADA)).toEqual(ADA);

    clock.advance(2);
    expect(await load()).toEqual({ ...ADA, role: 'admin' });
  });

  it('reads a session that is in use again before the ten seconds are over, once, and keeps nobody waiting', async () => {
    const { clock, sessions, principals, load } = setUp();
    await load();
    sessions.change({ role: 'admin' });
    clock.advance(9_000);

    const meanwhile = [principals.current(ADA), principals.current(ADA)];
    clock.advance(500);
    await sessions.answer();
    const afterwards = principals.current(ADA);
    clock.advance(8_000);

    expect(meanwhile).toEqual([ADA, ADA]);
    expect(afterwards).toEqual({ ...ADA, role: 'admin' });
    expect(principals.current(ADA)).toEqual(afterwards);
    expect(sessions.asked).toBe(2);
  });

  it('believes a session no longer than ten seconds when it could not be read again', async () => {
    const { clock, sessions, principals, load } = setUp();
    await load();
    jest.spyOn(sessions, 'findWithUser').mockRejectedValueOnce(new Error('connection lost'));
    clock.advance(9_000);
    void principals.current(ADA);
    clock.advance(500);
    await new Promise(setImmediate);
    sessions.change({ revokedAt: new Date() });
    expect(principals.current(ADA)).toEqual(ADA);

    clock.advance(501);

    await expect(load()).rejects.toMatchObject({ code: 'session_revoked' });
  });

  it('believes a session no longer once it is seen to have ended', async () => {
    const { clock, sessions, principals, load } = setUp();
    await load();
    sessions.change({ revokedAt: new Date() });
    clock.advance(9_000);
    void principals.current(ADA);
    clock.advance(500);
    await sessions.answer();

    await expect(load()).rejects.toMatchObject({ code: 'session_revoked' });
  });

  it('does not read a session again that nobody uses', async () => {
    const { clock, sessions, load } = setUp();
    await load();

    clock.advance(60_000);

    expect(sessions.asked).toBe(1);
  });

  it.each([
    ['dropSession', (principals: Principals) => principals.dropSession(SESSION)],
    ['dropUser', (principals: Principals) => principals.dropUser(7)],
  ])('asks again at once after %s', async (_, drop) => {
    const { sessions, principals, load } = setUp();
    await load();
    sessions.change({ revokedAt: new Date() });

    drop(principals);

    await expect(load()).rejects.toMatchObject({ code: 'session_revoked' });
  });

  it.each([
    ['dropSession', (principals: Principals) => principals.dropSession(SESSION)],
    ['dropUser', (principals: Principals) => principals.dropUser(7)],
  ])('does not believe a query that was under way at %s', async (_, drop) => {
    const { sessions, principals } = setUp();
    const asked = principals.current(ADA) as Promise<Principal>;
    asked.catch(() => undefined);
    sessions.change({ revokedAt: new Date() });

    drop(principals);
    await sessions.answer();
    await sessions.answer();

    await expect(asked).rejects.toMatchObject({ code: 'session_revoked' });
    expect(sessions.asked).toBe(2);
  });

  it('does not let an outdated query replace what a newer one has put into the cache', async () => {
    const { sessions, principals } = setUp();
    const before = principals.current(ADA) as Promise<Principal>;
    sessions.change({ role: 'admin' });
    principals.dropUser(7);
    const after = principals.current(ADA) as Promise<Principal>;

    await sessions.answer();
    await sessions.answer();

    expect((await before).role).toBe('admin');
    expect((await after).role).toBe('admin');
    expect(principals.current(ADA)).toMatchObject({ role: 'admin' });
  });

  it('keeps what it knows of others when a user is dropped', async () => {
    const { sessions, principals, load } = setUp();
    await load();

    principals.dropUser(8);
    principals.dropSession('00000000-0000-0000-0000-000000000000');

    expect(principals.current(ADA)).toEqual(ADA);
    expect(sessions.asked).toBe(1);
  });

  it.each<[string, Partial<SessionWithUser>]>([
    ['a revoked session', { revokedAt: new Date(0) }],
    ['an expired session', { expiresAt: new Date(0) }],
    ['a deactivated user', { isActive: false }],
    ['a deleted user', { username: null }],
  ])('refuses %s', async (_, changes) => {
    const { sessions, load } = setUp();
    sessions.change(changes);

    await expect(load()).rejects.toMatchObject({ code: 'session_revoked' });
  });

  it('refuses an unknown session, and one of somebody else', async () => {
    const { sessions, load } = setUp();
    const theirs = { ...sessions.stored!, userId: 8 };

    sessions.stored = null;
    await expect(load()).rejects.toMatchObject({ code: 'token_invalid' });

    sessions.stored = theirs;
    await expect(load()).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('does not answer from the cache for somebody else', async () => {
    const { sessions, principals, load } = setUp();
    await load();

    const asked = Promise.resolve(principals.current({ ...ADA, userId: 8 }));
    asked.catch(() => undefined);
    await sessions.answer();

    await expect(asked).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('ends a session that expires while it is cached', async () => {
    const { clock, sessions, principals, load } = setUp();
    sessions.change({ expiresAt: new Date(clock.now() + 1_000) });
    await load();

    clock.advance(999);
    expect(principals.current(ADA)).toEqual(ADA);

    clock.advance(1);
    await expect(load()).rejects.toMatchObject({ code: 'session_revoked' });
  });

  it('asks again after a query that failed', async () => {
    const { sessions, principals, load } = setUp();
    jest.spyOn(sessions, 'findWithUser').mockRejectedValueOnce(new Error('connection lost'));

    await expect(principals.current(ADA)).rejects.toThrow('connection lost');
    expect(await load()).toEqual(ADA);
  });
});
