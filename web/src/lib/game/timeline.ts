// The timeline as it is drawn: one lane a kind of label, intervals as shares of the whole life so far.
import type { Label, Moment } from '../api/types';
import type { Entry } from './state';

export const LANES = ['season', 'sojourn', 'voyage', 'otium', 'journal'] as const;

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

/** The pages of the journal, newest first: the words from the moments, the day from the labels they prove. */
export function journal(moments: readonly Moment[], labels: readonly Label[]): Entry[] {
  const days = new Map(
    labels
      .filter(({ label }) => label === 'journal')
      .flatMap((label) => label.evidence.map((at) => [at, label.world_from] as const)),
  );
  return moments
    .filter(({ name }) => name === 'journal')
    .map(({ at, value }) => ({
      at,
      text: 'text' in value && typeof value.text === 'string' ? value.text : '',
      date: days.get(at) ?? null,
    }))
    .reverse();
}
