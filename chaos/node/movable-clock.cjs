// Loaded before the server: its wall clock jumps when the parent process says so, as if the machine's time had been
// set. What measures durations does not notice. The server ends with its parent.
'use strict';

const RealDate = Date;
let offsetMs = 0;

class MovableDate extends RealDate {
  /** @param {[]} args */
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }

  /** @override */
  static now() {
    return RealDate.now() + offsetMs;
  }
}

globalThis.Date = /** @type {DateConstructor} */ (/** @type {unknown} */ (MovableDate));

process.on('message', (/** @type {{ jumpMs: number }} */ order) => {
  offsetMs += order.jumpMs;
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Listening to the parent is no reason to stay.
process.channel?.unref();
