// The browser's half of a passkey: it asks the player's device, and says how that went in four words.
import type { PasskeyChallenge } from './types';

/** Why there is no answer: the player did not want to, the device has one already, or it could not. */
export type Unsigned = 'cancelled' | 'known' | 'failed';
export type Signed = { kind: 'signed'; credential: Record<string, unknown> } | { kind: Unsigned };

/** Whether this browser can do it at all; on a page that is not safe it cannot. */
export const canSign = (): boolean =>
  typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function' &&
  typeof globalThis.PublicKeyCredential.parseRequestOptionsFromJSON === 'function';

export const unsigned = (error: unknown): Unsigned => {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'AbortError') return 'cancelled';
  return name === 'InvalidStateError' ? 'known' : 'failed';
};

async function signed(ask: () => Promise<Credential | null>): Promise<Signed> {
  try {
    const credential = await ask();
    if (!(credential instanceof PublicKeyCredential)) return { kind: 'failed' };
    return { kind: 'signed', credential: { ...credential.toJSON() } };
  } catch (error) {
    return { kind: unsigned(error) };
  }
}

export const makePasskey = ({ options }: PasskeyChallenge): Promise<Signed> =>
  signed(() => {
    const asked = options as unknown as PublicKeyCredentialCreationOptionsJSON;
    return navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked),
    });
  });

export const usePasskey = ({ options }: PasskeyChallenge): Promise<Signed> =>
  signed(() => {
    const asked = options as unknown as PublicKeyCredentialRequestOptionsJSON;
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
  });

const DEVICES = ['iPhone', 'iPad', 'Android', 'Windows', 'Mac', 'Linux'];

/** What a new passkey might be called: the kind of device and the day. */
export function proposedName(userAgent: string, today: Date): string {
  const day = today.toISOString().slice(0, 10);
  const device = DEVICES.find((name) => userAgent.includes(name));
  return device ? `${device}, ${day}` : day;
}
