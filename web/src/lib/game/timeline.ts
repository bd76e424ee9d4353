// The timeline as it is drawn: one lane a kind of label, intervals as shares of the whole life so far.
import type { Label, Words } from '../api/types';
import type { Entry } from './state';

export const LANES = [
  'chapter',
  'season',
  'sojourn',
  'voyage',
  'ship',
  'loan',
  'villa',
  'otium',
  'journal',
] as const;

export type Bar = {
  label: Label;
  /** Shares of the drawn span, 0 to 1. */
  start: number;
  end: number;
  open: boolean;
  /** Evidence moments, shares of the drawn span. */
  ticks: number[];
};

export type Lane = { kind: string; bars: Bar[] };
export type Picture = { fromMs: number; toMs: number; lanes: Lane[] };

const MICROS_PER_MS = 1_000;

export function picture(labels: readonly Label[], nowMs: number): Picture {
  const starts = labels.map((label) => Date.parse(label.from));
  const ends = labels.map((label) => (label.to ? Date.parse(label.to) : nowMs));
  const fromMs = Math.min(nowMs, ...starts);
  const toMs = Math.max(fromMs + 1, nowMs, ...ends);
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));

  const lanes = new Map<string, Bar[]>(LANES.map((kind) => [kind, []]));
  for (const label of labels) {
    const bars = lanes.get(label.label) ?? [];
    lanes.set(label.label, bars);
    bars.push({
      label,
      start: share(Date.parse(label.from)),
      end: share(label.to ? Date.parse(label.to) : nowMs),
      open: !label.to,
      ticks: label.evidence.map((at) => share(at / MICROS_PER_MS)),
    });
  }
  return {
    fromMs,
    toMs,
    lanes: [...lanes].filter(([, bars]) => bars.length > 0).map(([kind, bars]) => ({ kind, bars })),
  };
}

/** What a label is about, without words of any language: the reader's own language supplies them. */
export type Subject =
  | { kind: 'voyage'; from: string; to: string }
  | { kind: 'place'; place: string }
  | { kind: 'season'; closed: boolean; year: number }
  | { kind: 'chapter'; number: number; words: Words }
  | { kind: 'ship'; name: string; type: string }
  | { kind: 'loan'; asses: number; to: string; course: string }
  | { kind: 'text'; text: string };

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** A label of a kind that this version does not know speaks through the server's own title. */
export function subject({ label, title, detail }: Label): Subject {
  const from = text(detail.from);
  const to = text(detail.to);
  const place = text(detail.place);
  const name = text(detail.name);
  if (label === 'ship' && name) return { kind: 'ship', name, type: text(detail.type) ?? '' };
  const asses = detail.principal_asses;
  if (label === 'loan' && typeof asses === 'number') {
    return { kind: 'loan', asses, to: text(detail.bound_for) ?? '', course: text(detail.course) ?? '' };
  }
  const words = detail.words as Words | undefined;
  if (typeof detail.chapter === 'number' && words) return { kind: 'chapter', number: detail.chapter, words };
  if (from && to) return { kind: 'voyage', from, to };
  if (place) return { kind: 'place', place };
  if (typeof detail.closed === 'boolean' && typeof detail.year === 'number') {
    return { kind: 'season', closed: detail.closed, year: detail.year };
  }
  return { kind: 'text', text: text(detail.text) ?? title };
}

/** The pages of the journal, newest first. */
export const journal = (labels: readonly Label[]): Entry[] =>
  labels
    .filter(({ label }) => label === 'journal')
    .map(({ from, world_from, detail }) => ({ from, text: text(detail.text) ?? '', date: world_from }))
    .reverse();
