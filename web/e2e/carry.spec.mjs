// A life is carried away as a file, left for good, and brought in again as another seat's; its picture is one page.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  BASE_URL,
  beginLife,
  browser,
  calmPage,
  fileOf,
  get,
  keepWords,
  moments,
  openPanel,
  picture,
  until,
} from './player.mjs';

let chromium;
let page;
const failures = [];
const ENTRY = 'Whatever the sea takes, this page goes with me.';

before(async () => {
  chromium = await browser();
  page = await calmPage(chromium, failures, { acceptDownloads: true });
});

after(async () => {
  await chromium?.close();
});

let lines;
let before_leaving;

test('a life begins and writes a page', async () => {
  await beginLife(page);
  const journal = await openPanel(page, 'Journal');
  await journal.getByRole('textbox').fill(ENTRY);
  await journal.getByRole('button', { name: 'Write it down' }).click();
  await journal.getByRole('listitem').getByText(ENTRY).waitFor();
});

test('another tab hears of what this one writes, without asking', async () => {
  const other = await page.context().newPage();
  await other.goto(BASE_URL);
  const journal = await openPanel(other, 'Journal');
  await journal.getByRole('listitem').getByText(ENTRY).waitFor();
  const here = await openPanel(page, 'Journal');
  await here.getByRole('textbox').fill('Heard in the other tab.');
  await here.getByRole('button', { name: 'Write it down' }).click();
  await journal.getByRole('listitem').getByText('Heard in the other tab.').waitFor();
  await other.close();
});

test('an order on an old view is held back kindly, and goes through on the fresh one', async () => {
  // The stream of this page is cut off, so that it cannot know what the other one does.
  const deaf = await page.context().newPage();
  await deaf.route('**/api/v1/events*', (route) => route.abort());
  await deaf.goto(BASE_URL);
  const journal = await openPanel(deaf, 'Journal');
  await journal.getByRole('listitem').getByText(ENTRY).waitFor();
  const here = await openPanel(page, 'Journal');
  await here.getByRole('textbox').fill('Meanwhile.');
  await here.getByRole('button', { name: 'Write it down' }).click();
  await here.getByRole('listitem').getByText('Meanwhile.').waitFor();
  await journal.getByRole('textbox').fill('Written on an old view.');
  await journal.getByRole('button', { name: 'Write it down' }).click();
  const notice = journal.getByRole('alert').filter({ hasText: 'Something has happened meanwhile' });
  await notice.waitFor();
  // What was missed is on the page before the player decides again.
  await journal.getByRole('listitem').getByText('Meanwhile.').waitFor();
  await picture(deaf, 'changed-meanwhile');
  await notice.getByRole('button', { name: 'Try again' }).click();
  await journal.getByRole('listitem').getByText('Written on an old view.').waitFor();
  await deaf.close();
});

test('the whole life is one picture, with its years, its chapters and its ledger', async () => {
  const timeline = await openPanel(page, 'Timeline');
  await timeline.getByRole('button', { name: 'The whole life as one picture' }).click();
  await page.getByRole('heading', { name: 'The life of a merchant' }).waitFor();
  await page.getByRole('heading', { name: 'The ledger' }).waitFor();
  const ledger = page.getByRole('row').filter({ hasText: 'In the purse' });
  await ledger.getByText('3 000 den.'.replace(' ', '\u202f')).waitFor();
  await page.getByText('I. The Harbour').first().waitFor();
  await picture(page, 'whole-life');
  await page.keyboard.press('Escape');
  await openPanel(page, 'Timeline');
});

test('the life comes as a file in both forms', async () => {
  const timeline = await openPanel(page, 'Timeline');
  for (const [button, name] of [
    ['Download as SQLite', 'otivm-life.sqlite3'],
    ['Download as JSON Lines', 'otivm-life.jsonl'],
  ]) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      timeline.getByRole('button', { name: button }).click(),
    ]);
    assert.equal(download.suggestedFilename(), name);
    await download.saveAs(fileOf(name));
    await timeline.getByText(`Downloaded: ${name}`).waitFor();
  }
  assert.equal((await readFile(fileOf('otivm-life.sqlite3'))).subarray(0, 15).toString(), 'SQLite format 3');
  lines = await readFile(fileOf('otivm-life.jsonl'), 'utf8');
  assert.ok(lines.includes(ENTRY));
  before_leaving = await moments(page);
});

test('nobody leaves for good by accident', async () => {
  const timeline = await openPanel(page, 'Timeline');
  await timeline.getByRole('button', { name: 'Leave for good…' }).click();
  await page.getByRole('heading', { name: 'Leave for good' }).waitFor();
  const go = () => page.getByRole('button', { name: /^Leave/ });
  assert.ok(await go().isDisabled());
  await page.getByRole('textbox', { name: /VALE/ }).fill('VALE');
  assert.ok(await go().isDisabled(), 'a word without a choice');
  await page.getByRole('radio', { name: /Erase it/ }).check();
  await page.getByRole('textbox', { name: /VALE/ }).fill('VAL');
  assert.ok(await go().isDisabled(), 'a choice without the word');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await openPanel(page, 'Timeline');
  assert.deepEqual(await moments(page), before_leaving);
});

test('by keyboard alone a life is left, and its words open nothing any more', async () => {
  await page.locator('#open-farewell').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: /Erase it/ }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.type('vale');
  await picture(page, 'farewell');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Vale' }).waitFor();
  await page.getByText('The life has been erased.').waitFor();
  await picture(page, 'gone');
  const gone = await page.request.get(`${BASE_URL}/api/v1/me`);
  assert.equal(gone.status(), 401);
  await page.getByRole('button', { name: 'To the beginning' }).click();
});

test('a file that was changed is refused in words', async () => {
  await page.getByRole('button', { name: 'Bring a life from another server' }).click();
  await page.getByLabel(/^The file of the life/).setInputFiles({
    name: path.basename(fileOf('forged.jsonl')),
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(lines.replace('48000', '4800000')),
  });
  await page.getByRole('button', { name: 'Bring it here' }).click();
  await page.getByRole('alert').getByText('This file is no whole life').waitFor();
  await picture(page, 'import-refused');
});

test('the life goes on in another seat, with every moment and new words', async () => {
  await page.getByLabel(/^The file of the life/).setInputFiles(fileOf('otivm-life.jsonl'));
  await page.getByRole('button', { name: 'Bring it here' }).click();
  await keepWords(page);
  const after_coming = await moments(page);
  assert.deepEqual(after_coming.slice(0, before_leaving.length), before_leaving);
  const journal = await openPanel(page, 'Journal');
  await journal.getByRole('listitem').getByText(ENTRY).waitFor();
  await until('the imported life answers', async () => (await get(page, '/me')).place);
  assert.deepEqual(failures, []);
});
