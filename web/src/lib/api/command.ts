// A command is what one click asks for. It keeps its idempotency key for ever, so that sending it again after a
// lost answer can never do it twice; and the tag of the life that the player saw when clicking.

export type Order =
  | { kind: 'trade'; side: 'buy' | 'sell'; good: string; units: number }
  | { kind: 'store'; way: 'in' | 'out'; good: string; units: number }
  | { kind: 'depart'; to: string }
  | { kind: 'begin_otium'; guests: number }
  | { kind: 'end_otium' }
  | { kind: 'write'; text: string }
  | { kind: 'repair'; wear_permille: number }
  | { kind: 'buy_ship'; type: string; name: string }
  | { kind: 'sell_ship' }
  | { kind: 'charter'; type: string }
  | { kind: 'borrow'; to: string; principal_asses: number }
  | { kind: 'repay' }
  | { kind: 'ask_friends' }
  | { kind: 'move_on' }
  | { kind: 'buy_villa' }
  | { kind: 'sell_villa'; place: string }
  | { kind: 'shelve'; way: 'in' | 'out'; units: number };

export type Command = { key: string; tag: string | null; order: Order };

export const command = (
  order: Order,
  tag: string | null = null,
  key: string = crypto.randomUUID(),
): Command => ({ key, tag, order });

/** The same wish, whenever it was uttered. */
export const sameOrder = (one: Order, other: Order): boolean => JSON.stringify(one) === JSON.stringify(other);
