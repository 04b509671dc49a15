const { default: TestSequencer } = require('@jest/test-sequencer');

const IS_LONG = /[\\/]test[\\/]e2e[\\/]/;

/**
 * Whole servers and their faults first: the longest of them takes a minute, most of it waiting, and begun last it would
 * run alone. Jest itself goes by how long a file took last time, which it does not know in a fresh clone, and then by
 * size, which says little.
 */
module.exports = class ServersFirst extends TestSequencer {
  /**
   * @override
   * @param {Parameters<InstanceType<typeof TestSequencer>['sort']>[0]} tests
   */
  async sort(tests) {
    const sorted = await super.sort(tests);
    return [
      ...sorted.filter(({ path }) => IS_LONG.test(path)),
      ...sorted.filter(({ path }) => !IS_LONG.test(path)),
    ];
  }
};
