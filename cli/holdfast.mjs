#!/usr/bin/env node
/** `npx holdfast`: the command line, run from TypeScript as the other programs of a checkout are. */
import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
