import type { Contestant } from '../contestants/contestant';
import { simpleChat } from '../contestants/simple-chat';
import { bunPublish, plainWs } from '../contestants/peers';
import type { Scenario } from '../scenarios/scenario';
import { decideGoals } from './goals';
import { figure, table } from './markdown';
import { renderReport } from './report';
import { ScenarioResults } from './results';

const METRICS: Scenario['metrics'] = [
  { key: 'perSecond', title: 'messages', unit: '/s', better: 'more' },
  { key: 'p99', title: 'p99', unit: 'ms', better: 'less' },
  { key: 'generatorCores', title: 'generator', unit: 'cores' },
];

const SMALL = { title: 'small', series: 'Growing' };
const LARGE = { title: 'large', series: 'Growing' };

function resultsOf(
  figures: [Contestant, Record<string, number>, string[]?][],
  about: Partial<Scenario> = {},
): ScenarioResults {
  const results = new ScenarioResults({
    name: 'busy-room-10',
    group: 'peers',
    title: 'a room',
    contestants: [simpleChat, plainWs, bunPublish],
    metrics: METRICS,
    run: () => Promise.reject(new Error('It has been run.')),
    ...about,
  });
  for (const [{ name }, found, remarks = []] of figures) results.add(name, { figures: found, remarks });
  return results;
}

describe('The results of a scenario', () => {
  it('are the medians of the repeats', () => {
    const results = resultsOf([
      [simpleChat, { perSecond: 300 }],
      [simpleChat, { perSecond: 100 }],
      [simpleChat, { perSecond: 120 }],
    ]);

    expect(results.median(simpleChat.name, 'perSecond')).toBe(120);
    expect(results.median(simpleChat.name, 'p99')).toBeNaN();
    expect(results.median(plainWs.name, 'perSecond')).toBeNaN();
  });

  it('are the mean of the middle two for an even number of repeats', () => {
    const results = resultsOf([
      [plainWs, { p99: 2 }],
      [plainWs, { p99: 4 }],
    ]);

    expect(results.median(plainWs.name, 'p99')).toBe(3);
  });

  it('are compared by which way is better', () => {
    const results = resultsOf([
      [simpleChat, { perSecond: 900, p99: 10 }],
      [plainWs, { perSecond: 100, p99: 40 }],
    ]);

    expect(results.ratio(METRICS[0]!, simpleChat.name, plainWs.name)).toBe(9);
    expect(results.ratio(METRICS[1]!, simpleChat.name, plainWs.name)).toBe(4);
  });
});

describe('The remarks on a contestant', () => {
  it('stand there once each, with how often', () => {
    const results = resultsOf([
      [simpleChat, {}, ['slow']],
      [simpleChat, {}, ['slow', 'late']],
      [plainWs, {}, ['slow']],
    ]);

    expect(results.remarks(simpleChat.name)).toEqual(['slow (2 times)', 'late']);
  });
});

describe('The goals', () => {
  it('are decided where their figures are known, and left out elsewhere', () => {
    const goals = decideGoals([
      resultsOf([
        [simpleChat, { perSecond: 900, cpuMicros: 200 }],
        [plainWs, { perSecond: 100 }],
      ]),
    ]);

    expect(goals.map(({ value, isMet }) => [value, isMet])).toEqual([
      [9, true],
      [200, false],
    ]);
  });

  it('look at Bun where it was measured', () => {
    const goals = decideGoals([
      resultsOf([
        [simpleChat, { perSecond: 900 }],
        [bunPublish, { perSecond: 2000 }],
      ]),
    ]);

    expect(goals).toEqual([
      { text: 'busy room, 10 senders: at least 0.4 × Bun’s publish', value: 0.45, isMet: true },
    ]);
  });
});

describe('The report', () => {
  const about = {
    title: 'Benchmarks',
    machine: 'a machine',
    repeats: 3,
    command: 'npm run bench',
    start: 'node main.js',
  };
  const report = renderReport(
    [
      resultsOf([
        [simpleChat, { perSecond: 900, p99: 10, generatorCores: 0.5 }],
        [plainWs, { perSecond: 100, p99: 40, generatorCores: 0.5 }, ['deliveries lost: 1']],
      ]),
    ],
    about,
  );

  it('tells of each figure how many times better the product is, unless it is neither better nor worse', () => {
    expect(report).toContain('100 (× 9.0)');
    expect(report).toContain('40.0 (× 4.0)');
    expect(report).toMatch(/generator, cores +\| +0\.50 \| +0\.50 \|/);
  });

  it('tells how the product was started', () => {
    expect(report).toContain('- Simple Chat was started by `node main.js`.');
  });

  it('tells what was wrong with whom', () => {
    expect(report).toContain('- a room, plain ws: deliveries lost: 1');
  });

  it('tells which goals are met', () => {
    expect(report).toMatch(/at least 8 × plain ws +\| yes +\| +9\.00 \|/);
  });

  it('tells who was not measured: Bun only where it was not', () => {
    const withBun = renderReport(
      [
        resultsOf([
          [simpleChat, {}],
          [bunPublish, {}],
        ]),
      ],
      about,
    );

    expect(report).toContain('Not measured: Bun, ejabberd, servers in C++.');
    expect(withBun).toContain('Not measured: ejabberd, servers in C++.');
  });

  it('shows what grows as a table of its own, with a row for each size, and compares it with nobody', () => {
    const grown = renderReport(
      [
        resultsOf([[simpleChat, { perSecond: 900, p99: 10, generatorCores: 0.5 }]], SMALL),
        resultsOf([[simpleChat, { perSecond: 800, p99: 20 }]], LARGE),
      ],
      about,
    );

    expect(grown).toContain(
      [
        '## Growing',
        '',
        '|       | messages, /s | p99, ms | generator, cores |',
        '| ----- | -----------: | ------: | ---------------: |',
        '| small |          900 |    10.0 |             0.50 |',
        '| large |          800 |    20.0 |                – |',
      ].join('\n'),
    );
    expect(grown).not.toContain('Not measured');
  });
});

describe('A table', () => {
  it('has columns as wide as what stands in them', () => {
    expect(table(['', 'a', 'long'], [['first', 'b', '1']], 2)).toEqual([
      '|       | a   | long |',
      '| ----- | --- | ---: |',
      '| first | b   |    1 |',
    ]);
  });

  it('shows the digits that mean something', () => {
    expect([1234.5, 123.4, 12.34, 1.234, NaN].map(figure)).toEqual(['1,235', '123', '12.3', '1.23', '–']);
  });
});
