// One merchant's first months, played through the page alone. What the server acknowledged is kept for
// after-restart.spec.mjs.
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
  sessionFile,
  stall,
  until,
} from './player.mjs';

let chromium;
let page;
const failures = [];

before(async () => {
  chromium = await browser();
  // Small: the map is drawn without a graphics card here.
  page = await calmPage(chromium, failures, { viewport: { width: 1180, height: 780 } });
});

after(async () => {
  await chromium?.close();
});

const ENTRY = 'The coast fell away at dusk; nine jars of Falernian in the stern, and a fair wind.';
const UNITS = 5;
let good;
let destination;

test('a life begins with twelve words and opens at a harbour', async () => {
  await beginLife(page);
  const me = await get(page, '/me');
  assert.ok(me.place, 'a new life starts in a harbour');
  await page.getByLabel(/^Map of the ancient world/).waitFor();
});

test('goods are bought at the market', async () => {
  const before = await get(page, '/me');
  const { quotes } = await get(page, `/places/${before.place}/market`);
  const world = await get(page, '/world');
  const wanted = quotes
    .filter((quote) => quote.available >= UNITS && quote.buy_asses * UNITS * 2 < before.purse_asses)
    .sort((a, b) => a.buy_asses - b.buy_asses)[0];
  assert.ok(wanted, 'something affordable is for sale in the first harbour');
  good = world.goods.find(({ id }) => id === wanted.good);

  const market = await openPanel(page, 'Market');
  await stall(market, good).click();
  await market.getByLabel('Units').fill(String(UNITS));
  await market.getByRole('button', { name: 'Buy', exact: true }).click();
  await page.getByText(`Bought ${UNITS} ${good.english}.`).waitFor();

  const me = await get(page, '/me');
  assert.deepEqual(
    me.cargo.map(({ good, units }) => ({ good, units })),
    [{ good: good.id, units: UNITS }],
  );
  assert.ok(me.purse_asses < before.purse_asses);
});

test('a refused order says what to do', async () => {
  const market = await openPanel(page, 'Market');
  await market.getByLabel('Units').fill('1000000');
  await market.getByRole('button', { name: 'Buy', exact: true }).click();
  const refusal = market.getByRole('alert');
  await refusal.waitFor();
  await market.getByText('Each purchase raises the price').scrollIntoViewIfNeeded();
  assert.ok(await inView(refusal), 'a refusal is seen wherever the panel is scrolled to');
  assert.match(await refusal.textContent(), /fewer|purse|room/i);
  await picture(page, 'refused');
  await refusal.getByRole('button', { name: 'Close' }).click();
});

test('an order under way is said, and whoever gave it by keyboard keeps his place', async () => {
  const market = await openPanel(page, 'Market');
  const slowly = async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  };
  await page.route('**/api/v1/trades', slowly);
  const buy = market.getByRole('button', { name: 'Buy', exact: true });
  await buy.press('Enter');
  await market.getByRole('status').getByText('Being written down…').waitFor();
  await picture(page, 'under-way');
  await market.getByRole('alert').waitFor();
  assert.ok(await buy.evaluate((button) => button === document.activeElement), 'the focus is where it was');
  await page.unroute('**/api/v1/trades', slowly);
  await market.getByRole('alert').getByRole('button', { name: 'Close' }).click();
});

test('another panel opens at its top and takes the focus, and Escape closes it from anywhere', async () => {
  const port = await openPanel(page, 'Port');
  const heading = port.getByRole('heading', { name: 'Port', level: 2 });
  assert.ok(await inView(port.getByRole('heading').nth(1)), 'the first line of the panel is seen');
  assert.ok(await heading.evaluate((title) => title === document.activeElement));
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('Escape');
  await port.waitFor({ state: 'detached' });
});

test('a voyage is planned with its days and months, and the ship sails', async () => {
  destination = await nearestHarbour();
  const voyage = await openPanel(page, 'Voyage');
  await voyage.getByRole('searchbox').fill(destination.latin);
  await voyage
    .getByRole('listitem')
    .getByRole('button', { name: new RegExp(`^${destination.latin}\\b`) })
    .first()
    .click();
  await voyage.getByText('Days and risk, month by month').waitFor();
  await picture(page, 'planned');
  await voyage.getByRole('button', { name: 'Set sail' }).click();
  await page.getByText(`Set sail for ${destination.latin}.`).waitFor();
  await picture(page, 'sailing');
});

test('the ship arrives while the page only looks on', async () => {
  await until('the arrival', async () => (await get(page, '/me')).place === destination.id);
  await page.getByRole('button', { name: `At ${destination.latin}` }).waitFor();
});

test('the cargo is sold where it was carried', async () => {
  const before = await get(page, '/me');
  const market = await openPanel(page, 'Market');
  await stall(market, good).click();
  await market.getByLabel('Units').fill(String(UNITS));
  await market.getByRole('button', { name: 'Sell', exact: true }).click();
  await page.getByText(`Sold ${UNITS} ${good.english}.`).waitFor();
  const me = await get(page, '/me');
  assert.deepEqual(me.cargo, []);
  assert.ok(me.purse_asses > before.purse_asses);
});

test('a ship is not sold by one press', async () => {
  const yard = await openPanel(page, 'Yard');
  const { ship } = await get(page, '/me');
  await yard.getByRole('button', { name: /^Sell her/ }).click();
  await picture(page, 'sell-sure');
  await yard
    .getByRole('group', { name: /without a ship/ })
    .getByRole('button', { name: 'Keep her' })
    .click();
  await yard.getByRole('button', { name: /^Sell her/ }).waitFor();
  assert.deepEqual((await get(page, '/me')).ship, ship);
});

test('otium begins and ends', async () => {
  const otium = await openPanel(page, 'Otium');
  await otium.getByRole('button', { name: 'Begin otium' }).click();
  await otium.getByRole('button', { name: 'End otium' }).waitFor();
  assert.equal((await get(page, '/me')).otium?.place, destination.id);
  await otium.getByRole('button', { name: 'End otium' }).click();
  await otium.getByRole('button', { name: 'Begin otium' }).waitFor();
  assert.equal((await get(page, '/me')).otium ?? null, null);
});

test('the journal keeps what was written, and the draft of it through other panels', async () => {
  const draft = await openPanel(page, 'Journal');
  await draft.getByRole('textbox').fill(ENTRY);
  await openPanel(page, 'Port');
  await page.keyboard.press('Escape');
  const journal = await openPanel(page, 'Journal');
  assert.equal(await journal.getByRole('textbox').inputValue(), ENTRY);
  await journal.getByRole('button', { name: 'Write it down' }).click();
  await journal.getByRole('listitem').getByText(ENTRY).waitFor();
  assert.equal(await journal.getByRole('textbox').inputValue(), '');
});

test('the timeline shows voyage, otium and journal', async () => {
  const timeline = await openPanel(page, 'Timeline');
  for (const lane of ['Voyage', 'Otium', 'Journal']) {
    const spans = timeline.getByRole('group', { name: lane }).getByRole('button');
    await spans.first().waitFor();
  }
  await timeline.getByRole('group', { name: 'Voyage' }).getByRole('button').first().click();
  await timeline.getByText(/moments?, in days after its beginning: 0/).waitFor();
  await picture(page, 'timeline');
});

test('nothing on the page failed, and what was acknowledged is kept for later', async () => {
  assert.deepEqual(failures, []);
  const { labels } = await get(page, '/timeline');
  await keep('life.json', {
    moments: await moments(page),
    place: destination,
    entry: ENTRY,
    labels: labels.length,
  });
  await page.context().storageState({ path: sessionFile() });
});

/** Whether the middle of a thing is seen, and nothing lies over it. */
const inView = (what) =>
  what.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });

/** The harbour that is soonest reached and wants what is aboard. */
async function nearestHarbour() {
  for (const place of await nearbyHarbours(page)) {
    const deals = (await get(page, `/places/${place.id}/market`)).quotes;
    if (deals.some((quote) => quote.good === good.id && quote.wanted >= UNITS)) return place;
  }
  throw new Error(`nobody near wants ${good.english}`);
}
