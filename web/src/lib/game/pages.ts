// The timeline as far as it has been read: the newest page, and as many before it as were asked for.
import type { Label } from '../api/types';

/** Labels in the order in which they began. */
export type Pages = { labels: Label[]; earlier: string | null };

const idOf = ({ label, from }: Label) => `${label}@${from}`;

/** Each label once, as the first list has it. */
function merged(first: readonly Label[], second: readonly Label[]): Label[] {
  const all = new Map([...second, ...first].map((label) => [idOf(label), label]));
  return [...all.values()].sort((a, b) => a.from.localeCompare(b.from));
}

type Page = { labels: readonly Label[]; earlier?: string | null };

/** The newest page in the place of what was known of it. Where the two do not meet, what is older is asked for anew. */
export function refreshedPages(known: Pages | null, { labels, earlier }: Page): Pages {
  const fresh: Pages = { labels: merged(labels, []), earlier: earlier ?? null };
  if (!known || fresh.earlier === null) return fresh;
  const ids = new Set(known.labels.map(idOf));
  const meet = labels.some((label) => label.to && ids.has(idOf(label)));
  return meet ? { labels: merged(labels, known.labels), earlier: known.earlier } : fresh;
}

export const olderPages = (known: Pages, { labels, earlier }: Page): Pages => ({
  labels: merged(known.labels, labels),
  earlier: earlier ?? null,
});
