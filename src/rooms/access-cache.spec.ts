import { ManualClock } from '../../test/support/manual-clock';
import { AccessCache, type AccessFacts } from './access-cache';

const ROOM = 1;
const ADA = 10;
const STRANGER: AccessFacts = {
  isActive: true,
  visibility: 'public',
  accessVersion: 3,
  slowModeSeconds: 0,
  memberRole: null,
  bannedUntil: 0,
  mutedUntil: 0,
};
const MEMBER: AccessFacts = { ...STRANGER, memberRole: 'member' };

/** A read whose answers the test gives, one by one. */
function aSlowRead() {
  const answers: ((facts: AccessFacts | null) => void)[] = [];
  const read = jest.fn(() => new Promise<AccessFacts | null>((resolve) => answers.push(resolve)));
  return { read, answer: (facts: AccessFacts | null) => answers.shift()!(facts) };
}

describe('AccessCache', () => {
  let clock: ManualClock;
  let cache: AccessCache;

  beforeEach(() => {
    clock = new ManualClock();
    // lru-cache takes an entry made at 0 for one without an age.
    clock.advance(1);
    cache = new AccessCache(clock);
  });

  it('keeps what was read, for five seconds', async () => {
    await cache.load(ROOM, ADA, async () => MEMBER);

    clock.advance(4_999);
    expect(cache.find(ROOM, ADA)).toEqual(MEMBER);
    clock.advance(2);
    expect(cache.find(ROOM, ADA)).toBeNull();
  });

  it('tells once of each who is asked about in the last of the five seconds', async () => {
    const told = jest.fn();
    cache.whenAgeing = told;
    await cache.load(ROOM, ADA, async () => MEMBER);
    await cache.load(ROOM, 11, async () => MEMBER);

    clock.advance(3_999);
    cache.find(ROOM, ADA);
    const before = told.mock.calls.length;
    clock.advance(1);
    expect([cache.find(ROOM, ADA), cache.find(ROOM, ADA)]).toEqual([MEMBER, MEMBER]);

    expect(before).toBe(0);
    expect(told.mock.calls).toEqual([[ROOM, ADA]]);
    clock.advance(1_001);
    expect([cache.find(ROOM, ADA), cache.find(ROOM, 11)]).toEqual([null, null]);
  });

  it('knows strangers from users it was never asked about', async () => {
    await cache.load(ROOM, ADA, async () => STRANGER);

    expect(cache.find(ROOM, ADA)).toEqual(STRANGER);
    expect(cache.find(ROOM, 11)).toBeNull();
  });

  it('does not keep that a room is absent', async () => {
    expect(await cache.load(ROOM, ADA, async () => null)).toBeNull();
    expect(await cache.load(ROOM, ADA, async () => MEMBER)).toEqual(MEMBER);
  });

  it('reads once for all who ask at the same moment', async () => {
    const { read, answer } = aSlowRead();

    const loads = [cache.load(ROOM, ADA, read), cache.load(ROOM, ADA, read)];
    answer(MEMBER);

    expect(await Promise.all(loads)).toEqual([MEMBER, MEMBER]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('forgets one member and no other', async () => {
    await cache.load(ROOM, ADA, async () => MEMBER);
    await cache.load(ROOM, 11, async () => MEMBER);

    cache.dropMember(ROOM, ADA);

    expect(cache.find(ROOM, ADA)).toBeNull();
    expect(cache.find(ROOM, 11)).toEqual(MEMBER);
  });

  it('forgets a room for everyone', async () => {
    await cache.load(ROOM, ADA, async () => MEMBER);
    await cache.load(2, ADA, async () => MEMBER);

    cache.dropRoom(ROOM);

    expect(cache.find(ROOM, ADA)).toBeNull();
    expect(cache.find(2, ADA)).toEqual(MEMBER);
  });

  it.each([
    ['the member', () => cache.dropMember(ROOM, ADA)],
    ['the room', () => cache.dropRoom(ROOM)],
  ])('reads again when %s was changed during the read', async (_, drop) => {
    const { read, answer } = aSlowRead();

    const load = cache.load(ROOM, ADA, read);
    drop();
    answer(MEMBER);
    await Promise.resolve();
    answer(STRANGER);

    expect(await load).toEqual(STRANGER);
    expect(cache.find(ROOM, ADA)).toEqual(STRANGER);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('believes nobody’s facts any more when somebody’s were read under newer rights', async () => {
    await cache.load(ROOM, ADA, async () => MEMBER);
    await cache.load(2, ADA, async () => MEMBER);

    await cache.load(ROOM, 11, async () => ({ ...STRANGER, accessVersion: 4 }));

    expect(cache.find(ROOM, ADA)).toBeNull();
    expect(cache.find(ROOM, 11)).toMatchObject({ accessVersion: 4 });
    expect(cache.find(2, ADA)).toEqual(MEMBER);
  });

  it('reads again when the older of two reads is answered last', async () => {
    const older = aSlowRead();
    const load = cache.load(ROOM, ADA, older.read);
    await cache.load(ROOM, 11, async () => ({ ...STRANGER, accessVersion: 4 }));

    older.answer(MEMBER);
    await load;

    expect([cache.find(ROOM, ADA), cache.find(ROOM, 11)]).toEqual([null, null]);
    await cache.load(ROOM, ADA, async () => ({ ...STRANGER, accessVersion: 4 }));
    expect(cache.find(ROOM, ADA)).toEqual({ ...STRANGER, accessVersion: 4 });
  });

  it('asks anew after a read that failed', async () => {
    const failing = cache.load(ROOM, ADA, () => Promise.reject(new Error('gone')));

    await expect(failing).rejects.toThrow('gone');
    expect(await cache.load(ROOM, ADA, async () => MEMBER)).toEqual(MEMBER);
  });
});
