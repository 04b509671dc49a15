import { ManualClock } from '../../test/support/manual-clock';
import { RedisLink } from './redis-link';
import { RedisProbe } from './redis-probe';

/** A link on which every probe comes back, unless its server is silent. */
class FakeLink extends RedisLink {
  channels = ['probe'];
  readonly silent = new Set<string>();
  readonly subscribed = new Set<string>();
  heard: (channel: string) => void = () => undefined;

  open = () => Promise.resolve();
  probeChannels = () => this.channels;
  end = () => undefined;

  publish(channel: string): Promise<void> {
    if (this.subscribed.has(channel) && !this.silent.has(channel)) this.heard(channel);
    return Promise.resolve();
  }

  subscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.subscribed.add(channel);
    return Promise.resolve();
  }

  unsubscribe(channel: string): Promise<void> {
    this.subscribed.delete(channel);
    return Promise.resolve();
  }
}

async function aProbe(setUp: (link: FakeLink) => void = () => undefined) {
  const clock = new ManualClock();
  const link = new FakeLink();
  setUp(link);
  const told: string[] = [];
  const probe = new RedisProbe(link, clock, {
    proven: () => told.push('proven'),
    silent: () => told.push('silent'),
  });
  link.heard = (channel) => probe.heard(channel);
  await probe.start();
  return { clock, link, probe, told };
}

describe('RedisProbe', () => {
  it('proves a link at once, and goes on', async () => {
    const { clock, told } = await aProbe();

    clock.advance(60_000);

    expect(told).toEqual(['proven']);
  });

  it('finds out within ten seconds that a proven link is silent, and tells it once', async () => {
    const { clock, link, told } = await aProbe();
    clock.advance(60_000);

    link.silent.add('probe');
    clock.advance(10_000);

    expect(told).toEqual(['proven', 'silent']);
    clock.advance(60_000);
    expect(told).toEqual(['proven', 'silent']);
  });

  it('forgives two probes that are lost', async () => {
    const { clock, link, told } = await aProbe();

    link.silent.add('probe');
    clock.advance(4_000);
    link.silent.clear();
    clock.advance(60_000);

    expect(told).toEqual(['proven']);
  });

  it('is not proven by one of two servers, and finds the other silent', async () => {
    const { clock, told } = await aProbe((link) => {
      link.channels = ['probe', 'other'];
      link.silent.add('other');
    });

    clock.advance(10_000);

    expect(told).toEqual(['silent']);
  });

  it('follows the servers: it minds one that has come, and not one that has gone', async () => {
    const { clock, link, told } = await aProbe();

    link.channels = ['other'];
    link.silent.add('probe');
    clock.advance(20_000);
    expect([...link.subscribed]).toEqual(['other']);
    expect(told).toEqual(['proven']);

    link.silent.add('other');
    clock.advance(10_000);
    expect(told).toEqual(['proven', 'silent']);
  });

  it('says nothing any more once it is stopped', async () => {
    const { clock, link, probe, told } = await aProbe();

    probe.stop();
    link.silent.add('probe');
    clock.advance(60_000);

    expect(told).toEqual(['proven']);
  });

  it('is not proven by an echo that comes after the end', async () => {
    const { probe, told } = await aProbe((link) => link.silent.add('probe'));
    probe.stop();

    const isProbe = probe.heard('probe');

    expect(isProbe).toBe(true);
    expect(told).toEqual([]);
  });

  it('tells its own messages from those of others', async () => {
    const { probe } = await aProbe();

    expect([probe.heard('probe'), probe.heard('room:1')]).toEqual([true, false]);
  });
});
