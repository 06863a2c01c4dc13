import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const appFolder = (name) => fileURLToPath(new URL(`../../test/apps/${name}`, import.meta.url));
