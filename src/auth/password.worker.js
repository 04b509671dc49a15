// @ts-check
// Plain JavaScript, because a worker thread runs this very file, from `src` in tests as from `dist`.
const { compareSync, hashSync } = require('bcryptjs');

module.exports = {
  /** @param {{ password: string, cost: number }} task */
  hash: ({ password, cost }) => hashSync(password, cost),

  /** @param {{ password: string, hash: string }} task */
  matches: ({ password, hash }) => compareSync(password, hash),
};
