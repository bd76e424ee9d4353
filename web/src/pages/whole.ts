// A whole life, page by page, for its picture.
import type { Api } from '../lib/api/client';
import type { Outcome } from '../lib/api/outcome';
import type { Label, Moment } from '../lib/api/types';
import { olderPages } from '../lib/game/pages';
import type { Whole } from '../lib/game/state';
import { type LonLat, lonLats } from '../lib/game/voyage';

/** Pages of the timeline that one picture holds: ten thousand labels. More would be a grey smear. */
const LABEL_PAGES_MAX = 20;
const LABELS_A_PAGE = 500;
/** Voyages are read a thousand at a time, ten thousand at most. */
const VOYAGE_PAGES_MAX = 10;
const VOYAGES_A_PAGE = 1_000;
const MILLIDEGREES = 1_000;

const path = ({ value }: Moment): LonLat[] => {
  const points = (value as { path?: number[][] }).path ?? [];
  return lonLats(points.map((point) => point.map((part) => part / MILLIDEGREES)));
};

export async function wholeLife(api: Api): Promise<Outcome<Whole>> {
  const [labels, routes, ledger] = await Promise.all([allLabels(api), allRoutes(api), api.ledger()]);
  if (labels.kind !== 'done') return labels;
  if (routes.kind !== 'done') return routes;
  if (ledger.kind !== 'done') return ledger;
  const { partial } = labels.value;
  return {
    kind: 'done',
    value: {
      labels: labels.value.labels,
      routes: routes.value.routes,
      ledger: ledger.value.lines,
      partial: partial || routes.value.partial,
    },
  };
}

async function allLabels(api: Api): Promise<Outcome<{ labels: Label[]; partial: boolean }>> {
  let known = { labels: [] as Label[], earlier: null as string | null };
  for (let page = 0; page < LABEL_PAGES_MAX; page += 1) {
    const before = known.earlier;
    const answer = await api.timeline({ limit: LABELS_A_PAGE, ...(before ? { before } : {}) });
    if (answer.kind !== 'done') return answer;
    known = olderPages(known, answer.value);
    if (known.earlier === null) break;
  }
  return { kind: 'done', value: { labels: known.labels, partial: known.earlier !== null } };
}

async function allRoutes(api: Api): Promise<Outcome<{ routes: LonLat[][]; partial: boolean }>> {
  const routes: LonLat[][] = [];
  let after: number | null = 0;
  for (let page = 0; page < VOYAGE_PAGES_MAX && after !== null; page += 1) {
    const answer: Awaited<ReturnType<Api['moments']>> = await api.moments({
      name: 'depart',
      after,
      limit: VOYAGES_A_PAGE,
    });
    if (answer.kind !== 'done') return answer;
    routes.push(...answer.value.moments.map(path).filter((points) => points.length > 1));
    after = answer.value.next ?? null;
  }
  return { kind: 'done', value: { routes, partial: after !== null } };
}
