import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../dev/processes/command.ts';
import { type ApiWorld, apiWorld } from '../support/worlds/api-world.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const LIMIT_MS = 180_000;

const TYPESCRIPT_7 = join(PROJECT, 'node_modules/typescript/bin/tsc');
/** The version that openapi-typescript needs. Many customers have it too. */
const TYPESCRIPT_5 = join(PROJECT, 'client/node_modules/typescript/bin/tsc');

const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    strict: true,
    outDir: 'out',
    types: ['node'],
    typeRoots: [join(PROJECT, 'node_modules/@types')],
  },
  include: ['*.ts'],
};

/** Uses that the types must reject, and an API refusal handled by its code. */
const PROGRAM = `
import { createClient, type ErrorCode, HoldfastProblem, type Order } from '@holdfast/client';

const { HOLDFAST_URL: url = '', HOLDFAST_KEY: key = '' } = process.env;
const holdfast = createClient({ url, key });

export const refusedByTypes = (order: Order) => [
  // @ts-expect-error the API has no such path
  holdfast.GET('/v1/nothing'),
  // @ts-expect-error the path has no such method
  holdfast.DELETE('/v1/orders'),
  // @ts-expect-error an order needs a service
  holdfast.POST('/v1/orders', { body: { link: order.link } }),
  // @ts-expect-error the path needs an id
  holdfast.GET('/v1/orders/{id}'),
  // @ts-expect-error orders are not filtered by colour
  holdfast.GET('/v1/orders', { params: { query: { colour: 'red' } } }),
  // @ts-expect-error an order has no colour
  order.colour,
];

const expected: ErrorCode = 'unknown_service';
const [newest] = (await holdfast.GET('/v1/orders')).data;
const body = { service: 999_999, link: 'https://example.com/p/3', quantity: 100 };
const refusal = await holdfast.POST('/v1/orders', { body }).catch((error: unknown) => error);
if (!(refusal instanceof HoldfastProblem)) throw refusal;
console.log(JSON.stringify({ isExpected: refusal.code === expected, status: refusal.status, newest: newest?.status }));
`;

let on: ApiWorld;
let folder: string;
let packed: string[];

const runHere = (program: string, args: readonly string[]) =>
  runCommand(program, args, {
    cwd: folder,
    env: {
      ...process.env,
      HOLDFAST_URL: on.api.url,
      HOLDFAST_KEY: on.key,
      HOLDFAST_SERVICE: String(on.shop.service),
    },
    timeoutMs: LIMIT_MS,
  });

beforeAll(async () => {
  on = await apiWorld();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-client-'));
  const pack = ['pack', '--workspace', 'client', '--json', '--pack-destination', folder];
  const said = await runCommand('npm', pack, { cwd: PROJECT, timeoutMs: LIMIT_MS });
  // The build prints lines before the JSON.
  const [{ filename, files }] = JSON.parse(said.slice(said.search(/^\[/m))) as [
    { filename: string; files: { path: string }[] },
  ];
  packed = files.map(({ path }) => path);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  await writeFile(join(folder, 'program.ts'), PROGRAM);
  for (const name of ['orders.ts', 'webhook-receiver.ts']) {
    await copyFile(join(PROJECT, 'examples/typescript', name), join(folder, name));
  }
  await runHere('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`]);
}, LIMIT_MS);

afterAll(async () => {
  await on?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

test('the package holds what is built, its README and its licence, and no sources', () => {
  expect(packed).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json', 'dist/index.d.ts']));
  expect(packed.filter((path) => !/^(dist\/[\w-]+\.(js|d\.ts)|README\.md|LICENSE|package\.json)$/.test(path))).toEqual(
    [],
  );
});

test(
  'in an empty project TypeScript 7 and 5 accept the examples, and the programs order, read and are refused by code',
  async () => {
    await runHere(process.execPath, [TYPESCRIPT_7, '-p', '.']);
    const [orders] = await Promise.all([
      runHere(process.execPath, ['out/orders.js']),
      runHere(process.execPath, [TYPESCRIPT_5, '-p', '.', '--noEmit', '--skipLibCheck']),
    ]);
    expect(orders).toMatch(/^placed order \d+, price 0.09 USD$/m);
    expect(orders).toMatch(/^order \d+ ended Completed: charged 0.09, refunded 0$/m);
    expect(orders).toMatch(/^2 orders, newest first: \d+ \d+$/m);
    expect(orders).toMatch(/^no refill of order \d+: /m);

    const program = await runHere(process.execPath, ['out/program.js']);
    expect(JSON.parse(program)).toEqual({ isExpected: true, status: 422, newest: expect.any(String) });
  },
  LIMIT_MS,
);
