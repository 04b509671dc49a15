import { itBySeed } from '../../test/support/seeded';
import { MostlyOne } from './mostly-one';

describe('A map for one entry mostly', () => {
  itBySeed('does what a Map does, whatever is asked of it', (random) => {
    for (let round = 0; round < 300; round++) {
      const maps = [new Map<number, object>(), new MostlyOne<number, object>()] as const;
      for (let step = 0; step < 30; step++) {
        const [key, act, value] = [random.below(3), random.below(10), {}];
        for (const map of maps) {
          if (act < 5) map.set(key, value);
          else if (act < 9) map.delete(key);
          else map.clear();
        }

        const [map, mostlyOne] = maps;
        expect(mostlyOne.size).toBe(map.size);
        expect([...mostlyOne.values()]).toEqual([...map.values()]);
        expect([0, 1, 2].map((each) => mostlyOne.get(each))).toEqual([0, 1, 2].map((each) => map.get(each)));
        expect([0, 1, 2].map((each) => mostlyOne.has(each))).toEqual([0, 1, 2].map((each) => map.has(each)));
      }
    }
  });
});
