// The clock is the server's. The browser contributes only the time that has passed since the server last spoke,
// from a monotonic counter, so a wrong or changed local clock moves no ship.

export type ServerClock = { serverMs: number; heardAtMs: number };

/** `monotonicMs` is `performance.now()` at the moment the answer arrived. */
export const hear = (serverTime: string, monotonicMs: number): ServerClock => ({
  serverMs: Date.parse(serverTime),
  heardAtMs: monotonicMs,
});

export const serverNow = (clock: ServerClock, monotonicMs: number): number =>
  clock.serverMs + (monotonicMs - clock.heardAtMs);
