// A passkey in the place of the twelve words: Chromium's own authenticator makes real keys and really signs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BASE_URL, beginLife, browser, calmPage, get, openPanel, PATIENCE_MS, picture } from './player.mjs';

let chromium;
let page;
let device;
let authenticatorId;
let token;
const failures = [];
const ENTRY = 'The key is in the hand, not in the words.';

before(async () => {
  chromium = await browser();
  page = await calmPage(chromium, failures);
  device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  ({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  }));
});

after(async () => {
  await chromium?.close();
});

const passkeys = () => page.getByRole('region', { name: 'Passkeys' });
const door = () => page.getByRole('button', { name: 'Return with a passkey' });

async function leaveTheBrowser() {
  const port = await openPanel(page, 'Port');
  await port.getByText('About').click();
  const leave = port.getByRole('button', { name: 'Leave this browser' });
  await leave.click();
  const sure = port.getByRole('group', { name: 'You will need your twelve words' });
  await sure.waitFor();
  await page.keyboard.press('Escape');
  assert.ok(await leave.evaluate((button) => button === document.activeElement), 'nothing was left yet');
  await leave.click();
  await sure.getByRole('button', { name: 'Leave this browser' }).click();
  await page.getByRole('button', { name: 'Begin a life' }).waitFor();
}

async function atBothWidths(name, heading) {
  await picture(page, `${name}-1280`);
  await page.setViewportSize({ width: 390, height: 844 });
  await heading().scrollIntoViewIfNeeded();
  await picture(page, `${name}-390`);
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('a passkey is made on the device and listed by its name and day', async () => {
  await beginLife(page);
  const journal = await openPanel(page, 'Journal');
  await journal.getByRole('textbox').fill(ENTRY);
  await journal.getByRole('button', { name: 'Write it down' }).click();
  await journal.getByRole('listitem').getByText(ENTRY).waitFor();
  token = (await get(page, '/session')).player.token;
  await openPanel(page, 'Timeline');
  await passkeys().getByText('None yet.').waitFor();
  const name = passkeys().getByRole('textbox', { name: 'Name of the new passkey' });
  assert.match(await name.inputValue(), /^Linux, \d{4}-\d\d-\d\d$/);
  await name.fill('The desk in Ostia');
  await page.keyboard.press('Enter');
  await passkeys().getByText('The passkey has been added.').waitFor();
  await passkeys().getByRole('listitem').getByText('The desk in Ostia').waitFor();
  assert.notEqual(await name.inputValue(), 'The desk in Ostia', 'the next one gets a name of its own');
  const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.ok(credentials[0].isResidentCredential);
  await passkeys().scrollIntoViewIfNeeded();
  await atBothWidths('passkeys', passkeys);
});

test('the device is not asked for a second passkey of the same life', async () => {
  await passkeys().getByRole('button', { name: 'Add a passkey' }).click();
  await passkeys().getByText('This device has a passkey of this life already.').waitFor();
  assert.equal(await passkeys().getByRole('listitem').count(), 1);
});

test('at the door the passkey opens the same life, without a word', async () => {
  await leaveTheBrowser();
  await atBothWidths('door', door);
  await door().click();
  const journal = await openPanel(page, 'Journal');
  await journal.getByRole('listitem').getByText(ENTRY).waitFor();
  assert.equal((await get(page, '/session')).player.token, token);
});

test('whoever shakes off the device is told so calmly', async () => {
  await leaveTheBrowser();
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await door().click();
  await page.getByRole('status').getByText('No passkey was given, and nothing has changed.').waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  await picture(page, 'door-cancelled');
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await door().click();
  await page.getByRole('navigation', { name: 'Panels' }).waitFor();
});

test('by keyboard alone a passkey is removed, after it was asked back, and opens nothing any more', async () => {
  await openPanel(page, 'Timeline');
  const remove = passkeys().getByRole('button', { name: 'Remove The desk in Ostia' });
  await remove.focus();
  await page.keyboard.press('Enter');
  const sure = passkeys().getByRole('group', { name: 'The desk in Ostia will open nothing any more' });
  await sure.waitFor();
  await picture(page, 'passkeys-sure');
  await page.keyboard.press('Escape');
  await remove.waitFor();
  assert.ok(await remove.evaluate((button) => button === document.activeElement), 'the focus is back');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await passkeys().getByText('The passkey has been removed.').waitFor();
  await passkeys().getByText('None yet.').waitFor();
  await leaveTheBrowser();
  await door().click();
  await page.getByRole('alert').getByText('This passkey opens no life here.').waitFor();
  await picture(page, 'door-refused');
});

test('a browser that knows no passkeys is not offered any', async () => {
  const context = await chromium.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE_MS);
  const old = await context.newPage();
  await old.addInitScript(() => delete globalThis.PublicKeyCredential);
  await old.goto(BASE_URL);
  await old.getByRole('button', { name: 'Return with your twelve words' }).waitFor();
  assert.equal(await old.getByRole('button', { name: 'Return with a passkey' }).count(), 0);
  await context.close();
  assert.deepEqual(failures, []);
});
