import { ManualClock } from '../../../test/support/manual-clock';
import { MemoryCarrier, type MemoryBroker } from '../../../test/support/memory-broker';
import { settled } from '../../../test/support/turns';
import { NodeLink } from './node-link';
import { RegularLooks } from './regular-looks';

const unheeded = () => undefined;

describe('the regular looks at what is open', () => {
  let clock: ManualClock;
  let broker: MemoryBroker;
  let link: NodeLink;
  let looks: RegularLooks;
  let failures: [string, unknown][];
  let taken: string[];

  beforeEach(() => {
    clock = new ManualClock();
    broker = new MemoryCarrier().broker();
    link = new NodeLink('a', broker, clock, {
      published: unheeded,
      received: unheeded,
      dropped: unheeded,
      failed: unheeded,
      brokerChanged: unheeded,
    });
    failures = [];
    taken = [];
    looks = new RegularLooks(link, clock, {
      random: () => 0.5,
      failed: (subject, error) => failures.push([subject, error]),
    });
  });

  const add = (subject: string, look: () => Promise<void> = () => Promise.resolve()) =>
    looks.add(subject, () => {
      taken.push(subject);
      return look();
    });

  const advance = async (byMs: number) => {
    clock.advance(byMs);
    await settled();
  };

  it('are taken every eight to eleven seconds', async () => {
    add('doors');
    add('windows');
    looks.start();

    await advance(9_499);
    const early = [...taken];
    await advance(1);
    await advance(9_500);

    expect(early).toEqual([]);
    expect(taken).toEqual(['doors', 'windows', 'doors', 'windows']);
  });

  it('are taken at once when announcements may have been missed', async () => {
    add('doors');
    add('windows');
    looks.start();
    await link.start();
    await settled();
    taken.length = 0;

    broker.goDown();
    const whileDown = [...taken];
    broker.comeBack();
    await settled();

    expect(whileDown).toEqual([]);
    expect(taken).toEqual(['doors', 'windows']);
  });

  it('hold up no other when one fails, which is told of and taken again in a second', async () => {
    const error = new Error('no database');
    add('doors', () => Promise.reject(error));
    add('windows');

    await looks.lookNow();
    const told = [...failures];
    await advance(1_000);

    expect(told).toEqual([['doors', error]]);
    expect(taken).toEqual(['doors', 'windows', 'doors']);
  });

  it('hold up no other when one takes long', async () => {
    add('doors', () => new Promise(unheeded));
    add('windows');
    looks.start();

    await advance(9_500);
    await advance(9_500);

    expect(taken).toEqual(['doors', 'windows', 'windows']);
  });

  it('are taken no more once they are stopped', async () => {
    add('doors');
    looks.start();

    looks.stop();
    await advance(60_000);
    await looks.lookNow();

    expect(taken).toEqual([]);
  });
});
