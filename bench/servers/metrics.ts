/** The delay of the product's event loop that 99 % of its turns stay below, since the metrics were last read. */
export async function eventLoopP99Ms(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const seconds = /^nodejs_eventloop_lag_p99_seconds ([\d.e+-]+)$/m.exec(text)?.[1];
  return seconds === undefined ? NaN : Number(seconds) * 1000;
}
