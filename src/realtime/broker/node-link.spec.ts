import { aMessage } from '../../../test/support/a-message';
import { ManualClock } from '../../../test/support/manual-clock';
import { MemoryCarrier } from '../../../test/support/memory-broker';
import type { Change } from '../room-log';
import type { Announcement } from './announcement';
import { decodeAnnouncement, encodeAnnouncement } from './announcement-codec';
import { NodeLink } from './node-link';

const BYE_ROOM: Announcement = { type: 'rights_changed', room_id: 1, user_id: 2 };
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function aChange(seq: number, content = 'hello', roomId = 1): Change {
  return { roomId, seq, type: 'message', message: aMessage({ id: seq, seq, room_id: roomId, content }) };
}

describe('the link between nodes', () => {
  let clock: ManualClock;
  let carrier: MemoryCarrier;
  let counts: Record<string, number>;

  beforeEach(() => {
    clock = new ManualClock();
    carrier = new MemoryCarrier();
    counts = { dropped: 0, failed: 0 };
  });

  function aNode(nodeId: string) {
    const broker = carrier.broker();
    const link = new NodeLink(nodeId, broker, clock, {
      published: () => undefined,
      received: () => undefined,
      dropped: () => counts.dropped!++,
      failed: () => counts.failed!++,
      brokerChanged: () => undefined,
    });
    const heard: [Announcement, string][] = [];
    for (const type of ['changes', 'advanced', 'rights_changed', 'bye'] as const) {
      link.on(type, (announcement, from) => heard.push([announcement, from]));
    }
    let gaps = 0;
    link.onGap(() => gaps++);
    const lost: string[] = [];
    link.onPeerLost((peerId) => lost.push(peerId));
    return { broker, link, heard, lost, gaps: () => gaps };
  }

  async function twoNodes() {
    const [a, b] = [aNode('a'), aNode('b')];
    await a.link.start();
    await b.link.start();
    for (const { broker } of [a, b]) await broker.subscribe(1);
    return { a, b };
  }

  const publishedTypes = () =>
    carrier.published.map(({ payload }) => decodeAnnouncement(payload)?.announcement.type);

  it('tells other nodes what one publishes, and not the node itself', async () => {
    const { a, b } = await twoNodes();

    a.link.publish(BYE_ROOM);

    expect(b.heard).toEqual([[BYE_ROOM, 'a']]);
    expect(a.heard).toEqual([]);
  });

  it('publishes nothing but hellos while no other node has been heard', async () => {
    const a = aNode('a');
    await a.link.start();

    a.link.publish(BYE_ROOM);
    a.link.publishChanges([aChange(1)]);
    await nextTurn();
    clock.advance(10_000);

    expect(new Set(publishedTypes())).toEqual(new Set(['hello']));
  });

  it('makes two nodes known to each other with the newcomer’s first word, and each looks for what it missed', async () => {
    const a = aNode('a');
    await a.link.start();
    const gapsBefore = a.gaps();
    const b = aNode('b');
    await b.link.start();

    expect([a.link.peerIds, b.link.peerIds]).toEqual([['b'], ['a']]);
    expect(a.gaps()).toBeGreaterThan(gapsBefore);
    expect(b.gaps()).toBeGreaterThan(0);
  });

  it('forgets a node that says goodbye at once, and one that is silent after a while', async () => {
    const { a, b } = await twoNodes();
    const c = aNode('c');
    await c.link.start();

    await b.link.stop();
    expect(a.link.peerIds).toEqual(['c']);
    c.broker.goDown();
    clock.advance(20_000);

    expect(a.link.peerIds).toEqual([]);
    expect(a.lost).toEqual(['b', 'c']);
  });

  it('has a node look again when another took it for gone meanwhile', async () => {
    const { a, b } = await twoNodes();
    carrier.onDelivery = (deliver, _topic, payload) => {
      if (!payload.includes('"from":"b"')) deliver();
    };
    clock.advance(20_000);
    expect([a.link.peerIds, b.link.peerIds]).toEqual([[], ['a']]);
    const gapsBefore = b.gaps();

    carrier.onDelivery = (deliver) => deliver();
    clock.advance(5000);

    expect(a.link.peerIds).toEqual(['b']);
    expect(b.gaps()).toBeGreaterThan(gapsBefore);
  });

  it('has a node look again when its broker is back', async () => {
    const { a } = await twoNodes();
    a.broker.goDown();
    const gapsBefore = a.gaps();

    expect(a.link.isUp).toBe(false);
    a.link.publish(BYE_ROOM);
    a.broker.comeBack();

    expect(a.gaps()).toBeGreaterThan(gapsBefore);
  });

  it('announces the changes of one turn together, by room, to those who follow it', async () => {
    const { a, b } = await twoNodes();
    await b.broker.subscribe(2);

    a.link.publishChanges([aChange(1), aChange(5, 'there', 2)]);
    a.link.publishChanges([aChange(2)]);
    await nextTurn();

    expect(b.heard.map(([announcement]) => announcement)).toEqual([
      {
        type: 'changes',
        room_id: 1,
        changes: [1, 2].map((seq) => ({ type: 'message', message: aChange(seq).message })),
      },
      {
        type: 'changes',
        room_id: 2,
        changes: [{ type: 'message', message: aChange(5, 'there', 2).message }],
      },
    ]);
  });

  it('rings the bell where contents do not fit, measured in bytes', async () => {
    const { a, b } = await twoNodes();
    a.broker.maxPayloadBytes = 2500;

    a.link.publishChanges([aChange(1), aChange(2, '€'.repeat(900))]);
    await nextTurn();

    expect(b.heard).toEqual([[{ type: 'advanced', room_id: 1, last_seq: 2 }, 'a']]);
  });

  it('drops what is no announcement, and lives on when a handler throws', async () => {
    const { a, b } = await twoNodes();
    b.link.on('rights_changed', () => {
      throw new Error('planted');
    });
    counts.dropped = 0;

    for (const payload of ['', 'garbage', '{"v":9}', 'x'.repeat(5_000_000)])
      carrier.publish('nodes', payload);
    carrier.publish('nodes', encodeAnnouncement('stranger', BYE_ROOM));
    a.link.publish({ type: 'advanced', room_id: 1, last_seq: 9 });

    expect(counts).toEqual({ dropped: 8, failed: 1 });
    expect(b.heard.at(-1)).toEqual([{ type: 'advanced', room_id: 1, last_seq: 9 }, 'a']);
  });

  it('does not grow with the names that a stranger makes up', async () => {
    const { a, b } = await twoNodes();

    for (let n = 0; n < 2000; n++) {
      carrier.publish('nodes', encodeAnnouncement(`stranger ${n}`, { type: 'hello', to: null }));
    }
    a.link.publish(BYE_ROOM);

    expect(a.link.peerIds).toHaveLength(1000);
    expect(b.heard.at(-1)).toEqual([BYE_ROOM, 'a']);
  });
});
