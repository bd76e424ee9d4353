// What happens in the life and around it, as the server tells it. The browser's own `EventSource` comes back with the
// id of the last event, so that a cut connection loses nothing and tells nothing twice.
import type { Moment, Notice } from './types';

export type Heard =
  | { kind: 'open' }
  | { kind: 'moment'; moment: Moment }
  | { kind: 'window' }
  | { kind: 'notice'; code: string }
  /** Cut off; the browser comes back by itself. */
  | { kind: 'lost' }
  /** Refused; it does not come back. */
  | { kind: 'closed' };

/** Hears everything after the revision of a life, until the answer is called. */
export function listen(
  revision: number,
  hear: (heard: Heard) => void,
  Source: typeof EventSource = EventSource,
): () => void {
  const source = new Source(`/api/v1/events?after=${revision}`);
  const data = <T>(event: Event) => JSON.parse((event as MessageEvent<string>).data) as T;
  source.addEventListener('open', () => hear({ kind: 'open' }));
  source.addEventListener('moment', (event) => hear({ kind: 'moment', moment: data<Moment>(event) }));
  source.addEventListener('window', () => hear({ kind: 'window' }));
  source.addEventListener('notice', (event) => hear({ kind: 'notice', code: data<Notice>(event).code }));
  source.addEventListener('error', () =>
    hear({ kind: source.readyState === Source.CLOSED ? 'closed' : 'lost' }),
  );
  return () => source.close();
}
