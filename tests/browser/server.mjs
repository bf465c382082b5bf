// What every server of these tests needs: a port, and settings that are not those of this shell.

import { createServer } from 'node:net';

export const freePort = () => new Promise(resolve => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

/** The settings of this shell are those of other ledgers. */
export const environment = Object.fromEntries(Object.entries(process.env)
  .filter(([name]) => !/^(DATABASE_URL|PG|OMKLAP_(?!POSTGRES_BIN))/.test(name)));
