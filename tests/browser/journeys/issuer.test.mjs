// People sign in at the issuer of their own organisation (npm `oidc-provider`: authorization code with
// PKCE, rotated refresh tokens), on a server that trusts no other.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { generateKeyPair, exportJWK } from 'jose';
import Provider from 'oidc-provider';
import { launch } from '../browser.mjs';
import { environment, freePort } from '../server.mjs';

const AUDIENCE = 'https://omklap.example.org/';
const SCOPES = 'trajectories:read trajectories:report';
/** Seconds: the page renews a token in the middle of so short a life. */
const LIFE = 4;

const issuer = `http://127.0.0.1:${await freePort()}`;
const address = `127.0.0.1:${await freePort()}`;
const page = `http://${address}`;
const data = mkdtempSync(join(tmpdir(), 'omklap-issuer-'));
const settings = {
  ...environment, OMKLAP_DATA: data, OMKLAP_LISTEN: address, OMKLAP_LOG: 'warn', OMKLAP_PUBLIC_URL: page,
  OMKLAP_ISSUERS__SSO__URL: issuer, OMKLAP_ISSUERS__SSO__AUDIENCE: AUDIENCE,
  OMKLAP_PAGE_PROGRAMS__COSIS__NAME: 'Cosis', OMKLAP_PAGE_PROGRAMS__COSIS__ORGANISATION: 'cosis',
  OMKLAP_PAGE_PROGRAMS__COSIS__ISSUER: 'sso', OMKLAP_PAGE_PROGRAMS__COSIS__CLIENT_ID: 'cosis-page',
  OMKLAP_PAGE_PROGRAMS__COSIS__SCOPE: SCOPES,
};

let browser, server, issuing;
/** How many tokens were given for a refresh token, and whether more are. */
const renewals = { given: 0, refused: 0, allowed: true };

async function startIssuer() {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...await exportJWK(privateKey), alg: 'ES256', use: 'sig', kid: 'browser' };
  const resourceServer = () => ({
    scope: SCOPES, audience: AUDIENCE, accessTokenFormat: 'jwt', accessTokenTTL: LIFE, jwt: { sign: { alg: 'ES256' } },
  });
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'cosis-page', redirect_uris: [`${page}/sign-in/return`], token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], id_token_signed_response_alg: 'ES256',
    }],
    jwks: { keys: [key] },
    cookies: { keys: ['browser'] },
    scopes: ['openid', ...SCOPES.split(' ')],
    issueRefreshToken: async () => renewals.allowed,
    rotateRefreshToken: true,
    features: {
      resourceIndicators: {
        enabled: true, defaultResource: () => AUDIENCE, useGrantedResource: () => true, getResourceServerInfo: resourceServer,
      },
    },
    extraTokenClaims: () => {
      if (!renewals.allowed) throw new Error('this person was signed out');
      return { role: 'guide', purpose: 'guidance' };
    },
  });
  provider.on('grant.success', ({ oidc }) => { if (oidc.params.grant_type === 'refresh_token') renewals.given += 1; });
  provider.on('server_error', () => { renewals.refused += 1; });
  issuing = provider.listen(Number(new URL(issuer).port), '127.0.0.1');
  await once(issuing, 'listening');
}

before(async () => {
  await startIssuer();
  const added = spawnSync(process.env.OMKLAP, [
    'partner', 'add', 'cosis', '--kind', 'care-provider', '--region', 'assen', '--name', 'Cosis',
    '--client', 'cosis-page', '--role', 'guide', '--purpose-in-token', '--issuer', 'sso',
  ], { env: settings, encoding: 'utf8' });
  assert.equal(added.status, 0, added.stderr);
  server = spawn(process.env.OMKLAP, ['serve'], { env: settings, stdio: ['ignore', 'inherit', 'inherit'] });
  await until(async () => (await fetch(`${page}/health/ready`).catch(() => undefined))?.ok);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  if (server) {
    server.kill('SIGINT');
    await once(server, 'exit');
  }
  issuing?.closeAllConnections();
  issuing?.close();
  spawnSync(process.env.OMKLAP, ['clean-data'], { env: settings });
  rmSync(data, { recursive: true, force: true });
});

/** Until this holds, and at most two minutes. */
async function until(holds) {
  for (const end = Date.now() + 120_000; ;) {
    if (await holds()) return;
    assert.ok(Date.now() < end, 'it took too long');
    await pause(100);
  }
}

/** A window without a session, which asks nobody but this machine. */
async function windowOf() {
  const context = await browser.newContext({ baseURL: page, locale: 'nl-NL' });
  await context.route(url => url.hostname !== '127.0.0.1', route => route.abort());
  const window = await context.newPage();
  const returns = [];
  window.on('request', request => { if (request.url().includes('/sign-in/return')) returns.push(request.url()); });
  return { context, window, returns };
}

/** Begins at "Waar werkt u?" and goes on at the issuer. */
async function toIssuer(window) {
  await window.goto('/');
  await Promise.all([window.waitForURL(url => url.href.startsWith(issuer)), window.getByRole('link', { name: 'Cosis' }).click()]);
}

/** Signs in at the issuer, and agrees that it shows the page who this is. */
async function signInAtIssuer(window, login) {
  await toIssuer(window);
  await window.locator('[name=login]').fill(login);
  await window.locator('[name=password]').fill('anything');
  await window.getByRole('button', { name: 'Sign-in' }).click();
  await Promise.all([window.waitForURL(/worklist/), window.getByRole('button', { name: 'Continue' }).click()]);
}

const text = async (window, path) => {
  const answer = await window.goto(path);
  return { status: answer.status(), text: await window.locator('main').innerText() };
};

test('a guide signs in at the issuer of the own organisation, and out', async () => {
  const { context, window, returns } = await windowOf();
  await signInAtIssuer(window, 'u-corine');
  assert.match(await window.locator('body').innerText(), /u-corine/);
  assert.equal((await text(window, '/cases')).status, 200);
  const [cookie] = (await context.cookies(page)).filter(({ name }) => name === 'omklap');
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Lax']);

  // The same code again, in the same browser: it signs nobody in, and ends no session.
  const again = await text(window, returns[0]);
  assert.deepEqual([again.status, /begon niet in deze browser/.test(again.text)], [400, true], again.text);
  assert.equal((await text(window, '/cases')).status, 200);

  await Promise.all([window.waitForURL(`${page}/`), window.getByRole('button', { name: 'Afmelden' }).click()]);
  await window.goto('/cases');
  assert.equal(new URL(window.url()).pathname, '/');
});

test('a return with another state, from another browser or from another issuer signs nobody in', async () => {
  const { window: theirs, returns } = await windowOf();
  // The code never arrives here: somebody else brings it.
  await theirs.route(/sign-in\/return/, route => route.abort());
  await toIssuer(theirs);
  await theirs.locator('[name=login]').fill('u-corine');
  await theirs.locator('[name=password]').fill('anything');
  await theirs.getByRole('button', { name: 'Sign-in' }).click();
  await Promise.all([theirs.waitForRequest(/sign-in\/return/), theirs.getByRole('button', { name: 'Continue' }).click()]);
  const stolen = new URL(returns[0]);
  assert.ok(stolen.searchParams.get('code'));

  const { window, context } = await windowOf();
  const wrong = new URL(stolen);
  wrong.searchParams.set('state', 'made-up');
  for (const url of [stolen, wrong]) {
    const refused = await text(window, url.href);
    assert.deepEqual([refused.status, /begon niet in deze browser/.test(refused.text)], [400, true], refused.text);
  }
  const elsewhere = await (async () => {
    await window.goto('/');
    const begun = window.waitForRequest(url => url.url().startsWith(`${issuer}/auth`));
    await window.getByRole('link', { name: 'Cosis' }).click();
    const state = new URL((await begun).url()).searchParams.get('state');
    return text(window, `/sign-in/return?code=x&state=${state}&iss=${encodeURIComponent('https://evil.example')}`);
  })();
  assert.deepEqual([elsewhere.status, /hoort niet bij deze pagina/.test(elsewhere.text)], [403, true], elsewhere.text);
  assert.equal((await context.cookies(page)).some(({ name }) => name === 'omklap'), false);
});

test('who stops at the issuer is told so, and can begin again', async () => {
  const { window } = await windowOf();
  await toIssuer(window);
  await Promise.all([window.waitForURL(/sign-in\/return/), window.getByRole('link', { name: 'Cancel' }).click()]);
  assert.match(await window.locator('main').innerText(), /meldde u niet aan/);
  await window.getByRole('link', { name: 'Opnieuw aanmelden' }).click();
  assert.equal(new URL(window.url()).pathname, '/');
});

test('a session outlives its tokens, renewed one at a time, and ends with the person at the issuer', async () => {
  const { window, context } = await windowOf();
  await signInAtIssuer(window, 'u-robin');
  const before = renewals.given;
  // Several requests at once use each refresh token once: the issuer would end the grant otherwise.
  await until(async () => {
    const answers = await Promise.all([1, 2, 3].map(() => context.request.get('/cases', { maxRedirects: 0 })));
    assert.deepEqual(answers.map(answer => answer.status()), [200, 200, 200]);
    return renewals.given >= before + 3;
  });
  renewals.allowed = false;
  try {
    await until(async () => (await context.request.get('/cases', { maxRedirects: 0 })).status() === 303);
    await window.goto('/cases');
    assert.equal(new URL(window.url()).pathname, '/');
  } finally {
    renewals.allowed = true;
  }
});
