// The JSON schema of the config file, made from the option table: for editors. Draft 7 is what the YAML language server knows best.

import { FILE_OPTIONS } from './config-file.ts';
import { OPTIONS, type OptionEntry } from './options.ts';
import { POLICY_TYPES } from './resource-policies.ts';

/** Where editors find it; every version of the package carries its own. */
export const SCHEMA_URL = 'https://unpkg.com/crac-bake/schema/crac-bake.schema.json';

const SCALAR = { type: ['string', 'number', 'boolean'] };

export function configSchema(): object {
  const properties = FILE_OPTIONS.map((name) => {
    const entry: OptionEntry = OPTIONS[name];
    const fallback = entry.default === undefined ? {} : { default: entry.type === 'integer' ? Number(entry.default) : entry.default };
    return [name, { description: entry.help, ...typeOf(entry), ...fallback }];
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: SCHEMA_URL,
    title: 'Options of crac-bake bake (crac-bake.yml)',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

function typeOf(entry: OptionEntry): object {
  switch (entry.type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return {
        type: 'integer',
        ...(entry.min === undefined ? {} : { minimum: entry.min }),
        ...(entry.max === undefined ? {} : { maximum: entry.max }),
      };
    case 'list':
      return { type: 'array', items: SCALAR };
    case 'pairs':
      return { type: 'object', additionalProperties: { type: [...SCALAR.type, 'null'] } };
    case 'policies':
      return {
        type: 'array',
        items: {
          type: 'object',
          required: ['type', 'action'],
          properties: { type: { enum: [...POLICY_TYPES] }, action: { enum: ['error', 'ignore', 'close', 'reopen'] } },
          additionalProperties: SCALAR,
        },
      };
    case 'choice':
      return { enum: [...(entry.choices ?? [])] };
    case 'duration':
      return { type: ['string', 'number'], pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)?$' };
    case 'percent':
      return { type: ['string', 'number'], pattern: '^\\d+(\\.\\d+)?%?$' };
    default:
      return { type: ['string', 'number'] };
  }
}
