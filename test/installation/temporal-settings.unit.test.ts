import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { SERVER_SETTINGS } from '../../dev/engines/temporal-server.ts';
import { PROJECT } from '../support/reads/compose-file.ts';

it('the server of `npm start` and of the tests has the settings of `ops/temporal-settings.yaml`', () => {
  const file: Record<string, readonly { value: unknown }[]> = parse(
    readFileSync(`${PROJECT}ops/temporal-settings.yaml`, 'utf8'),
  );
  const values = Object.entries(file).map(([name, [first]]) => [name, first?.value]);
  expect(Object.fromEntries(values)).toEqual(SERVER_SETTINGS);
});
