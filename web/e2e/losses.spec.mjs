// What goes wrong by itself: goods spoil in the hold and ashore, a new map has lost a place, and a purse runs out in
// otium. The new map is made by whoever runs this, when `to-lose.json` says which place it shall not have.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  beginLife,
  browser,
  calmPage,
  get,
  keep,
  moments,
  nearbyHarbours,
  openPanel,
  picture,
  sailTo,
  stall,
  until,
} from './player.mjs';

let chromium;
let page;
const failures = [];

before(async () => {
  chromium = await browser();
  page = await calmPage(chromium, failures);
});

after(async () => {
  await chromium?.close();
});

/** What keeps worst first. */
const FOODS = ['figs', 'salt_fish', 'wheat', 'oil', 'barley'];
let food;
let lost;

test('what spoiled in the hold in harbour is shown, told when it is dealt in, and told once', async () => {
  await beginLife(page);
  const { place } = await get(page, '/me');
  const { quotes } = await get(page, `/places/${place}/market`);
  const { goods } = await get(page, '/world');
  const sold = FOODS.find((id) => quotes.some((quote) => quote.good === id && quote.available > 200));
  food = goods.find(({ id }) => id === sold);
  await buyMost(food);

  const port = await openPanel(page, 'Port');
  await port.getByText(/^\d+ spoiled meanwhile$/).waitFor();
  await picture(page, 'spoiled-aboard');
  await trade('Sell', food, 1);
  const told = page.getByRole('status', { name: 'Tidings' });
  const units = await spoiled('trade');
  await told
    .getByText(`Spoiled or broken in the hold while the ship lay in harbour: ${units} ${food.english}.`)
    .waitFor();
  await picture(page, 'spoiled-told');
  await told.getByRole('button', { name: 'Close' }).click();
  await page.reload();
  await page.getByRole('navigation', { name: 'Panels' }).waitFor();
  await openPanel(page, 'Port');
  assert.equal(await told.count(), 0, 'what was read is not told again');
});

test('what spoiled in a warehouse is shown there, and told when it is fetched', async () => {
  lost = (await nearbyHarbours(page))[0];
  await sailTo(page, lost);
  await closeTidings();
  await move('Lay in', food, (await get(page, '/me')).cargo[0].units - 1);
  await closeTidings();
  const market = await openPanel(page, 'Market');
  await market.getByText(/^\d+ spoiled meanwhile$/).waitFor();
  await picture(page, 'spoiled-ashore');
  await move('Fetch', food, 1);
  const told = page.getByRole('status', { name: 'Tidings' });
  const units = await spoiled('storage');
  await told.getByText(`Spoiled or broken in the warehouse: ${units} ${food.english}.`).waitFor();
  await closeTidings();
});

test('a new map without the place where one is says so on the open page, and one press leads out', async () => {
  const before = await get(page, '/me');
  await keep('to-lose.json', { place: lost.id });
  const notice = page.getByRole('status', { name: 'A place is no more' });
  await notice.getByText(`${lost.latin}, where you are, is no longer on it`).waitFor();
  await picture(page, 'place-lost');
  const { to } = (await get(page, '/me')).lost[0];
  const { latin } = (await get(page, '/places')).find(({ id }) => id === to);
  await notice.getByRole('button', { name: `Go on to ${latin}` }).click();
  await page.getByText(`You are at ${latin} now, with all that is yours.`).waitFor();
  await notice.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: `At ${latin}` }).waitFor();
  const me = await get(page, '/me');
  assert.deepEqual([me.place, me.lost, me.purse_asses], [to, [], before.purse_asses]);
  assert.deepEqual(
    me.stores.map(({ place, good }) => [place, good]),
    [[to, food.id]],
  );
});

test('a purse that runs out in otium is said at once, and the end of it counts what was paid alone', async () => {
  const { goods } = await get(page, '/world');
  await spendPurse(goods);
  const otium = await openPanel(page, 'Otium');
  await otium.getByText(/^A day here costs .+ Your purse pays for [\d.]+ days?\.$/).waitFor();
  await otium.getByRole('button', { name: 'Begin otium' }).click();
  await otium.getByText(/^Your purse ran out .+ ago: since then you gain nothing\./).waitFor();
  await page.getByRole('definition').getByText('In otium, the purse is empty').waitFor();
  await picture(page, 'otium-unpaid');
  await otium.getByRole('button', { name: 'End otium' }).click();
  await page.getByText(/Your purse ran out: .+ went unpaid and gained nothing\./).waitFor();
  await picture(page, 'otium-unpaid-ended');
  const { value } = (await moments(page)).findLast(({ name }) => name === 'end_otium');
  assert.ok(value.paid_us < value.days_us, 'not all of it was paid');
  assert.deepEqual(failures, []);
});

/** Opens a good's line in the market, once. */
async function scales(good) {
  const market = await openPanel(page, 'Market');
  const line = stall(market, good);
  if ((await line.getAttribute('aria-expanded')) !== 'true') await line.click();
  return market;
}

/** And sees it told, once what was told of such a purchase before is gone. */
async function buyMost(good) {
  const market = await scales(good);
  const told = page.getByText(new RegExp(`^Bought \\d+ ${good.english}\\.$`));
  await told.waitFor({ state: 'hidden' });
  await market.getByRole('button', { name: /^Most to buy/ }).click();
  await market.getByRole('button', { name: 'Buy', exact: true }).click();
  await told.waitFor();
}

async function trade(side, good, units) {
  const market = await scales(good);
  await market.getByLabel('Units').fill(String(units));
  await market.getByRole('button', { name: side, exact: true }).click();
}

/** Into the warehouse or out of it, by the scales of the good. */
async function move(way, good, units) {
  const market = await scales(good);
  await market.getByLabel('Units').fill(String(units));
  await market.getByRole('button', { name: way, exact: true }).click();
  await page.getByText(way === 'Lay in' ? /^Laid in: / : /^Fetched: /).waitFor();
}

/** How many units the last moment of a name says had spoiled: aboard for a trade, else ashore. */
async function spoiled(name) {
  const moment = await until(`a moment ${name}`, async () =>
    (await moments(page)).findLast((one) => one.name === name),
  );
  return name === 'trade' ? moment.value.aboard.spoiled_units : moment.value.spoiled_units;
}

async function closeTidings() {
  const told = page.getByRole('status', { name: 'Tidings' });
  if ((await told.count()) > 0) await told.getByRole('button', { name: 'Close' }).click();
}

/** Buys what is dear for its weight until the purse holds less than two days of otium. */
async function spendPurse(goods) {
  const grams = new Map(goods.map(({ id, unit_grams }) => [id, unit_grams]));
  for (;;) {
    const { place, purse_asses, otium_day_asses } = await get(page, '/me');
    if (purse_asses < 2 * otium_day_asses) return;
    const { quotes } = await get(page, `/places/${place}/market`);
    const dearest = quotes
      .filter((quote) => quote.available > 0 && quote.buy_asses <= purse_asses)
      .sort((a, b) => b.buy_asses / grams.get(b.good) - a.buy_asses / grams.get(a.good))[0];
    assert.ok(dearest, `nothing is for sale for ${purse_asses} asses`);
    await buyMost(goods.find(({ id }) => id === dearest.good));
  }
}
