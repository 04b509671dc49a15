import { chooseFaults } from './faults/choice';
import { readOptions, UsageError } from './options';

describe('The options of a run of faults', () => {
  it('are each fault once on two nodes by default', () => {
    expect(readOptions([])).toMatchObject({ durationMs: null, only: null, nodes: 2, measure: null });
  });

  it('are none where help is wanted', () => {
    expect(readOptions(['--help'])).toBeNull();
  });

  it.each([
    [['--bogus']],
    [['--hours', '0']],
    [['--minutes', 'x']],
    [['--nodes', '1.5']],
    [['--clients', '0']],
    [['--broker', 'kafka']],
    [['--measure', 'foo']],
    [['--measure', 'storm', '--nodes', '1']],
  ])('are not %j', (args) => {
    expect(() => readOptions(args)).toThrow(UsageError);
  });
});

describe('The faults of a run', () => {
  it('are those with a name that is asked for, with each broker that has one', () => {
    const rounds = chooseFaults(['postgres', 'redis'], { only: 'Redis killed', nodes: 2 });

    expect(rounds.map(({ broker, faults }) => [broker, faults.map(({ name }) => name)])).toEqual([
      ['redis', ['Redis killed']],
    ]);
  });

  it('leave out what needs more nodes', () => {
    const [round] = chooseFaults(['postgres'], { only: null, nodes: 1 });

    expect(round!.leftOut.map(({ name }) => name)).toEqual([
      'node killed after an ack, before the announcement',
      'announcements delayed, so that they cross',
      'the same message sent to both nodes at once',
    ]);
    expect(round!.faults).not.toHaveLength(0);
  });

  it.each([
    [{ only: 'nonsense', nodes: 2 }, 'no fault with BROKER=postgres is called "nonsense"'],
    [{ only: 'both nodes', nodes: 1 }, 'the fault "the same message sent to both nodes at once" needs 2'],
  ])('are refused where there is none: %j', (options, problem) => {
    expect(() => chooseFaults(['postgres'], options)).toThrow(UsageError);
    expect(() => chooseFaults(['postgres'], options)).toThrow(problem);
  });
});
