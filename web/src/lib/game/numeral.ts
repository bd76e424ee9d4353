// Numbers as the Romans wrote them: for chapters, of which there are twelve.

const STEPS: readonly [number, string][] = [
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

/** 1 to 39; other numbers stay in figures. */
export function numeral(number: number): string {
  if (!Number.isInteger(number) || number < 1 || number > 39) return String(number);
  let left = number;
  let text = '';
  for (const [value, letters] of STEPS) {
    for (; left >= value; left -= value) text += letters;
  }
  return text;
}
