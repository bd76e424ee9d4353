// The last moment that was read in this browser, so that who comes back hears what befell meanwhile.
const LAST_READ = 'otivm-last-read';

export function lastRead(): number | null {
  try {
    return Number(localStorage.getItem(LAST_READ)) || null;
  } catch {
    return null; // storage is forbidden in this browser: what befell stands in the timeline
  }
}

export function remember(revision: number): void {
  try {
    localStorage.setItem(LAST_READ, String(revision));
  } catch {
    // as above
  }
}
