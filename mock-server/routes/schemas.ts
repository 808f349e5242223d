import applications from './applications/applications.schema.json' with { type: 'json' }
import exported from './exports/exports.schema.json' with { type: 'json' }
import inventory from './inventory/inventory.schema.json' with { type: 'json' }
import keys from './keys/keys.schema.json' with { type: 'json' }
import people from './people/people.schema.json' with { type: 'json' }
import policies from './policies/policies.schema.json' with { type: 'json' }
import security from './security/security.schema.json' with { type: 'json' }
import tags from './tags/tags.schema.json' with { type: 'json' }
import vulnerabilities from './vulnerabilities/vulnerabilities.schema.json' with { type: 'json' }

/** The shapes of what routes take, and of answers that are not documented. */
export const ROUTE_SCHEMAS: readonly { readonly $defs: object }[] = [
  keys,
  people,
  security,
  applications,
  vulnerabilities,
  tags,
  policies,
  inventory,
  exported,
]
