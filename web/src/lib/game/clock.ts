// The clock is the server's. The browser contributes only the time that has passed since the server last spoke,
// from a monotonic counter, so a wrong or changed local clock moves no ship.

export type ServerClock = { serverMs: number; heardAtMs: number };

/** `monotonicMs` is `performance.now()` at the moment the answer arrived. */
export const hear = (serverTime: string, monotonicMs: number): ServerClock => ({
  serverMs: Date.parse(serverTime),
  heardAtMs: monotonicMs,
});

const MS_PER_S = 1_000;
export const SECONDS_PER_DAY = 86_400;

/** A length of the player's own time in days of the world, which runs `rate` times as fast. */
export const worldDays = (realMs: number, rate: number): number =>
  ((realMs / MS_PER_S) * rate) / SECONDS_PER_DAY;

export const serverNow = (clock: ServerClock, monotonicMs: number): number =>
  clock.serverMs + (monotonicMs - clock.heardAtMs);
