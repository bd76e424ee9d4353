import { expect, test } from 'vitest';
import { proposedName, unsigned } from './passkey';

test('what the player did not want is no failure', () => {
  const named = (name: string) => unsigned(new DOMException('', name));
  expect(named('NotAllowedError')).toBe('cancelled');
  expect(named('AbortError')).toBe('cancelled');
  expect(named('InvalidStateError')).toBe('known');
  expect(named('SecurityError')).toBe('failed');
  expect(unsigned('x')).toBe('failed');
});

test('a new passkey is called after the kind of device and the day', () => {
  const day = new Date('2026-11-24T05:00:00Z');
  const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36';
  expect(proposedName(agent, day)).toBe('Linux, 2026-11-24');
  expect(proposedName('Mozilla/5.0 (Linux; Android 16; Pixel)', day)).toBe('Android, 2026-11-24');
  expect(proposedName('Lynx', day)).toBe('2026-11-24');
});
