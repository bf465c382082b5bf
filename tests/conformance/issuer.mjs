// Tests omklap with a real issuer (npm `oidc-provider`: client credentials, private_key_jwt): tokens of every
// algorithm, another audience, rotation of keys, and an issuer that is down.
// `issuer.mjs OMKLAP STORY`, with DATABASE_URL.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

const [omklap, story] = process.argv.slice(2);
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
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "cosis-ecd",
        grant_types: ["client_credentials"],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        id_token_signed_response_alg: keys[0].alg,
        jwks: { keys: [clientJwk] },
      },
    ],
    jwks: { keys },
    scopes: SCOPES.split(" "),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: SCOPES,
          audience: resource,
          accessTokenFormat: "jwt",
          accessTokenTTL: 600,
          jwt: { sign: { alg: keys[0].alg } },
        }),
      },
    },
    extraTokenClaims: () => ({ role: "care-provider", purpose: "conformance" }),
  });
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
    assert.ok(tries < 120, "omklap is ready");
    await sleep(250);
  }
}
const stop = () =>
  new Promise((resolve) => {
    serving.once("exit", resolve);
    serving.kill("SIGTERM");
  });

async function expectStatus(bearer, expected, code) {
  const answer = await fetch(`http://${address}/v1/trajectories`, { headers: { Authorization: `Bearer ${bearer}` } });
  const body = await answer.json();
  assert.equal(answer.status, expected, JSON.stringify(body));
  if (code) assert.ok([body.type, ...(body.errors ?? []).map((error) => error.code)].join(" ").includes(code), JSON.stringify(body));
}

let close = async () => {};
try {
  execFileSync(omklap, ["partner", "add", "cosis", "--kind", "care-provider", "--region", "assen", "--client", "cosis-ecd", "--purpose-in-token"], { env });
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
  console.log("A real issuer: tokens of ES256, PS256 and EdDSA accepted, keys rotated, and an outage of the issuer survived");
} finally {
  await close().catch(() => {});
  await stop();
}
