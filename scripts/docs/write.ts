// npm run docs: writes the pages, and action.yml, that are made from the source's tables.

import { readFileSync, writeFileSync } from 'node:fs';
import { renderPromises } from './promises.ts';
import { renderReliability } from './reliability.ts';
import { renderActionMetadata, renderActionPage, renderErrors, renderFailures, renderOptions, renderSchema } from './render.ts';

const page = (name: string) => new URL(`../../docs/${name}`, import.meta.url);
writeFileSync(page('options.md'), renderOptions());
writeFileSync(page('errors.md'), renderErrors());
writeFileSync(new URL('../../schema/crac-bake.schema.json', import.meta.url), renderSchema());
writeFileSync(page('reliability.md'), renderReliability());
writeFileSync(page('promises.md'), renderPromises());
writeFileSync(page('action.md'), renderActionPage(readFileSync(new URL('action.md', import.meta.url), 'utf8')));
writeFileSync(new URL('../../action.yml', import.meta.url), renderActionMetadata());
writeFileSync(page('failures.md'), renderFailures());
