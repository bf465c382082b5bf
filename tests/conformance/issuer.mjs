// Tests omklap with a real issuer (npm `oidc-provider`: client credentials, private_key_jwt): tokens of every
// algorithm, another audience, roles, wrong claims, rotation of keys, and an issuer that is down.
// The issuer has the configuration that TOKENS.md prints.
// `issuer.mjs OMKLAP STORY TOKENS.md`, with DATABASE_URL.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SignJWT, exportJWK, generateKeyPair, importJWK } from "jose";
import { Provider } from "oidc-provider";

const [omklap, story, recipes] = process.argv.slice(2);
const [, recipe] = readFileSync(recipes, "utf8").match(/^```js\n(.*?)^```$/ms);
const { configuration } = await import(`data:text/javascript,${encodeURIComponent(recipe)}`);
const AUDIENCE = "https://omklap.example.org/";
const SCOPES = "trajectories:read trajectories:report";
/** omklap fetches the keys of an issuer at most once in five seconds. */
const BETWEEN_FETCHES = 5_500;

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
const issuer = `http://127.0.0.1:${await freePort()}`;
const address = `127.0.0.1:${await freePort()}`;

async function key(alg, kid) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, crv: "Ed25519" });
  return { ...(await exportJWK(privateKey)), kid, alg, use: "sig" };
}
const client = await generateKeyPair("ES256", { extractable: true });
const clientJwk = { ...(await exportJWK(client.publicKey)), alg: "ES256", use: "sig", kid: "client" };

/** Starts the issuer with these keys. */
async function startIssuer(keys) {
  const settings = configuration({ audience: AUDIENCE, scopes: SCOPES, signingKeys: keys, clientKey: clientJwk });
  const provider = new Provider(issuer, settings);
  const server = provider.listen(Number(new URL(issuer).port), "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
}

async function token(resource = AUDIENCE) {
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: "ES256", kid: "client" })
    .setIssuer("cosis-ecd")
    .setSubject("cosis-ecd")
    .setAudience(issuer)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime("1m")
    .sign(client.privateKey);
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    scope: SCOPES,
    resource,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  });
  const answer = await fetch(`${issuer}/token`, { method: "POST", body, headers: { Connection: "close" } });
  const issued = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(issued));
  return issued.access_token;
}

const env = {
  ...process.env,
  OMKLAP_LISTEN: address,
  OMKLAP_DATA: mkdtempSync(join(tmpdir(), "omklap-issuer-")),
  OMKLAP_LOG: "warn",
  OMKLAP_ISSUERS__SSO__URL: issuer,
  OMKLAP_ISSUERS__SSO__AUDIENCE: AUDIENCE,
};
let serving;
async function serve() {
  serving = spawn(omklap, ["serve"], { env, stdio: "inherit" });
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`http://${address}/health/ready`).catch(() => undefined);
    if (ready?.ok) return;
    assert.ok(tries < 480, "omklap is ready");
    await sleep(250);
  }
}
const stop = () =>
  new Promise((resolve) => {
    serving.once("exit", resolve);
    serving.kill("SIGTERM");
  });

/** A token that the issuer signs with this key, with other claims than it gives. */
async function wrongToken(signing, claims, header = {}) {
  const now = Math.floor(Date.now() / 1000);
  const right = { iss: issuer, aud: AUDIENCE, sub: "cosis-ecd", client_id: "cosis-ecd", scope: SCOPES, role: "care-provider", purpose: "guidance", iat: now, exp: now + 60 };
  return new SignJWT({ ...right, ...claims })
    .setProtectedHeader({ alg: signing.alg, kid: signing.kid, typ: "at+jwt", ...header })
    .sign(await importJWK(signing, signing.alg));
}

/** Each claim that is missing or of another type, and the code that names it. */
const WRONG_CLAIMS = [
  [{ aud: undefined }, "audience-miswritten"],
  [{ aud: 7 }, "audience-miswritten"],
  [{ exp: undefined }, "expiry-miswritten"],
  [{ scope: SCOPES.split(" ") }, "scope-miswritten"],
  [{ roles: "care-provider guide" }, "roles-miswritten"],
  [{ role: "begeleider" }, "role-miswritten"],
  [{ client_id: undefined }, "client-miswritten"],
  [{ sub: undefined }, "subject-miswritten"],
  [{ purpose: "To help" }, "purpose-miswritten"],
];

/** Who the ledger says that the caller is. */
async function me(bearer, role) {
  const headers = { Authorization: `Bearer ${bearer}`, ...(role && { "Omklap-Role": role }) };
  const answer = await fetch(`http://${address}/v1/me`, { headers });
  return { status: answer.status, ...(await answer.json()) };
}

async function expectStatus(bearer, expected, code) {
  const answer = await fetch(`http://${address}/v1/trajectories`, { headers: { Authorization: `Bearer ${bearer}` } });
  const body = await answer.json();
  assert.equal(answer.status, expected, JSON.stringify(body));
  if (code) assert.ok([body.type, ...(body.errors ?? []).map((error) => error.code)].join(" ").includes(code), JSON.stringify(body));
}

let close = async () => {};
try {
  execFileSync(omklap, ["partner", "add", "cosis", "--kind", "care-provider", "--region", "assen", "--client", "cosis-ecd", "--role", "care-provider", "--role", "guide", "--purpose-in-token"], { env });
  execFileSync(omklap, ["partner", "add", "gemeente-assen", "--kind", "municipality", "--region", "assen"], { env });
  await serve();

  const keys = [await key("ES256", "spring"), await key("PS256", "spring-rsa"), await key("EdDSA", "spring-ed")];
  for (const signing of keys) {
    close = await startIssuer([signing, ...keys.filter((other) => other !== signing)]);
    await expectStatus(await token(), 200);
    await expectStatus(await token("https://elsewhere.example.org/"), 401, "wrong-audience");
    await close();
  }

  close = await startIssuer(keys);
  const inSpring = await token();
  const opened = await fetch(`http://${address}/v1/trajectories`, {
    method: "POST",
    headers: { Authorization: `Bearer ${inSpring}`, "Content-Type": "application/json" },
    body: readFileSync(story, "utf8").split("\n")[0],
  });
  assert.equal(opened.status, 201, await opened.text());

  // A list of roles: the header picks one that token and registration both grant.
  assert.equal((await me(inSpring)).role, "care-provider");
  const asGuide = await me(inSpring, "guide");
  assert.deepEqual([asGuide.role, asGuide.roles?.sort()], ["guide", ["care-provider", "guide"]], JSON.stringify(asGuide));
  for (const role of ["municipality", "nuisance-desk"]) {
    const refused = await me(inSpring, role);
    assert.deepEqual([refused.status, refused.type], [403, "/problems/role-not-admitted"], JSON.stringify(refused));
  }

  // A claim that is missing or of another type is named.
  await expectStatus(await wrongToken(keys[0], {}), 200);
  for (const [claims, code] of WRONG_CLAIMS) await expectStatus(await wrongToken(keys[0], claims), 401, code);
  await expectStatus(await wrongToken(keys[0], {}, { typ: "JWT" }), 401, "not-an-access-token");
  await close();

  // A new key is added: tokens of old and new keys are accepted.
  const summer = await key("ES256", "summer");
  close = await startIssuer([summer, ...keys]);
  await sleep(BETWEEN_FETCHES);
  const inSummer = await token();
  await expectStatus(inSummer, 200);
  await expectStatus(inSpring, 200);
  await close();

  // The old keys are removed: omklap fetches the keys again when a token names an unknown key.
  const autumn = await key("ES256", "autumn");
  close = await startIssuer([autumn, summer]);
  await sleep(BETWEEN_FETCHES);
  await expectStatus(await token(), 200);
  await expectStatus(inSummer, 200);
  await expectStatus(inSpring, 401, "unknown-key");
  const unused = await token();
  await close();

  // The issuer is down: known keys are still used, but a restarted server has none.
  await sleep(BETWEEN_FETCHES);
  await expectStatus(inSummer, 200);
  await expectStatus(unused, 200);
  await stop();
  await serve();
  await expectStatus(unused, 503, "issuer-unreachable");
  console.log("A real issuer: tokens of ES256, PS256 and EdDSA accepted, a role picked, wrong claims named, keys rotated, and an outage of the issuer survived");
} finally {
  await close().catch(() => {});
  await stop();
}
