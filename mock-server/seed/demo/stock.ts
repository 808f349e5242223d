import type { LibrarySeed } from '../application-seed.ts'

/** What an application of the demonstration is made of. */
export interface DemoApplication {
  readonly name: string
  readonly code: string
  readonly language: string
  readonly framework: string
  readonly serverType: string
  readonly importance: number
  readonly team: string
  readonly tags: readonly string[]
  /** What its paths are about. */
  readonly nouns: readonly string[]
}

/** Ten applications of a believable shop, in six languages. */
export const DEMO_APPLICATIONS: readonly DemoApplication[] = [
  application(
    'storefront',
    'WEB',
    'Node',
    'express',
    'node.js',
    4,
    'web',
    ['customer', 'pci'],
    ['products', 'cart', 'reviews', 'wishlists', 'login'],
  ),
  application(
    'checkout',
    'CHK',
    'Java',
    'spring',
    'tomcat',
    4,
    'payments',
    ['customer', 'pci'],
    ['orders', 'payments', 'vouchers', 'addresses'],
  ),
  application(
    'inventory',
    'INV',
    'Java',
    'spring',
    'tomcat',
    3,
    'logistics',
    ['internal'],
    ['stock', 'warehouses', 'suppliers', 'deliveries'],
  ),
  application(
    'recommendations',
    'REC',
    'Python',
    'flask',
    'gunicorn',
    2,
    'data',
    ['internal'],
    ['recommendations', 'models', 'events'],
  ),
  application(
    'back-office',
    'BCK',
    '.NET Core',
    'aspnetcore',
    'kestrel',
    3,
    'operations',
    ['internal'],
    ['customers', 'refunds', 'reports', 'users', 'exports'],
  ),
  application(
    'mailer',
    'MAIL',
    'Ruby',
    'rails',
    'puma',
    1,
    'web',
    ['internal'],
    ['templates', 'campaigns', 'subscribers'],
  ),
  application(
    'search',
    'SRCH',
    'Go',
    'gin',
    'gin',
    2,
    'data',
    ['customer'],
    ['search', 'suggestions', 'index'],
  ),
  application(
    'identity',
    'ID',
    'Java',
    'spring',
    'jetty',
    4,
    'platform',
    ['customer', 'pii'],
    ['sessions', 'tokens', 'accounts', 'consents'],
  ),
  application(
    'partner-api',
    'PRT',
    'Node',
    'fastify',
    'node.js',
    3,
    'platform',
    ['partner'],
    ['catalog', 'webhooks', 'partners'],
  ),
  application(
    'pricing',
    'PRC',
    'Python',
    'django',
    'gunicorn',
    2,
    'data',
    ['internal'],
    ['prices', 'discounts', 'currencies'],
  ),
]

function application(
  ...[name, code, language, framework, serverType, importance, team, tags, nouns]: readonly [
    string,
    string,
    string,
    string,
    string,
    number,
    string,
    readonly string[],
    readonly string[],
  ]
): DemoApplication {
  return { name, code, language, framework, serverType, importance, team, tags, nouns }
}

type LibraryRow = readonly [
  name: string,
  version: string,
  latest: string,
  license: string,
  monthsOutdated: number,
  weakness?: readonly [
    name: string,
    severity: 'low' | 'medium' | 'high' | 'critical',
    what: string,
  ],
]

const ROWS: Readonly<Record<string, readonly LibraryRow[]>> = {
  Node: [
    [
      'express',
      '4.18.2',
      '5.1.0',
      'MIT',
      30,
      ['CVE-2024-29041', 'medium', 'Open redirect by a malformed URL'],
    ],
    ['lodash', '4.17.15', '4.17.21', 'MIT', 60, ['CVE-2020-8203', 'high', 'Prototype pollution']],
    [
      'jsonwebtoken',
      '8.5.1',
      '9.0.2',
      'MIT',
      48,
      ['CVE-2022-23540', 'medium', 'Signature check left out'],
    ],
    ['fastify', '5.2.0', '5.6.1', 'MIT', 9],
    ['axios', '1.7.9', '1.12.2', 'MIT', 9],
    ['zod', '3.24.1', '4.1.12', 'MIT', 10],
    ['pino', '9.6.0', '10.0.0', 'MIT', 9],
  ],
  Java: [
    [
      'org.apache.logging.log4j:log4j-core',
      '2.14.1',
      '2.25.2',
      'Apache-2.0',
      56,
      ['CVE-2021-44228', 'critical', 'Code run by a lookup in a log message'],
    ],
    [
      'org.springframework:spring-beans',
      '5.3.17',
      '6.2.11',
      'Apache-2.0',
      44,
      ['CVE-2022-22965', 'critical', 'Code run by data binding'],
    ],
    [
      'com.fasterxml.jackson.core:jackson-databind',
      '2.13.2',
      '2.20.0',
      'Apache-2.0',
      43,
      ['CVE-2022-42003', 'high', 'Deep nesting exhausts memory'],
    ],
    ['org.postgresql:postgresql', '42.7.4', '42.7.8', 'BSD-2-Clause', 15],
    ['org.slf4j:slf4j-api', '2.0.16', '2.0.17', 'MIT', 9],
    ['com.google.guava:guava', '33.4.0-jre', '33.5.0-jre', 'Apache-2.0', 10],
  ],
  Python: [
    [
      'flask',
      '2.2.2',
      '3.1.2',
      'BSD-3-Clause',
      36,
      ['CVE-2023-30861', 'high', 'A cached session cookie reaches others'],
    ],
    [
      'django',
      '4.2.7',
      '5.2.6',
      'BSD-3-Clause',
      24,
      ['CVE-2024-27351', 'medium', 'A text takes very long to shorten'],
    ],
    [
      'requests',
      '2.31.0',
      '2.32.5',
      'Apache-2.0',
      18,
      ['CVE-2024-35195', 'medium', 'Verification stays off for a session'],
    ],
    ['numpy', '2.1.3', '2.3.3', 'BSD-3-Clause', 12],
    ['sqlalchemy', '2.0.36', '2.0.44', 'MIT', 13],
  ],
  '.NET Core': [
    [
      'Newtonsoft.Json',
      '12.0.3',
      '13.0.4',
      'MIT',
      70,
      ['CVE-2024-21907', 'high', 'Deep nesting overflows the stack'],
    ],
    [
      'System.Text.Json',
      '8.0.4',
      '9.0.9',
      'MIT',
      14,
      ['CVE-2024-43485', 'high', 'A document takes very long to read'],
    ],
    ['Serilog', '4.2.0', '4.3.0', 'Apache-2.0', 8],
    ['Dapper', '2.1.35', '2.1.66', 'Apache-2.0', 16],
  ],
  Ruby: [
    [
      'rails',
      '7.0.4',
      '8.0.3',
      'MIT',
      36,
      ['CVE-2023-22795', 'high', 'A header takes very long to read'],
    ],
    [
      'rack',
      '2.2.6',
      '3.2.1',
      'MIT',
      32,
      ['CVE-2023-27530', 'high', 'Many parts exhaust the processor'],
    ],
    ['nokogiri', '1.18.2', '1.18.10', 'MIT', 8],
    ['puma', '6.6.0', '7.0.4', 'BSD-3-Clause', 7],
  ],
  Go: [
    [
      'github.com/gin-gonic/gin',
      'v1.8.1',
      'v1.11.0',
      'MIT',
      36,
      ['CVE-2023-29401', 'medium', 'A file name leaves its header'],
    ],
    [
      'golang.org/x/net',
      'v0.17.0',
      'v0.44.0',
      'BSD-3-Clause',
      22,
      ['CVE-2023-45288', 'high', 'Endless continuation frames'],
    ],
    ['google.golang.org/grpc', 'v1.70.0', 'v1.75.1', 'Apache-2.0', 8],
    ['go.uber.org/zap', 'v1.27.0', 'v1.27.0', 'MIT', 0],
  ],
}

/** The libraries of a language, with versions and weaknesses that are published. */
export function demoLibraries(language: string): readonly LibrarySeed[] {
  return (ROWS[language] ?? []).map(
    ([name, version, latestVersion, license, monthsOutdated, weakness]) => ({
      name,
      version,
      latestVersion,
      license,
      monthsOutdated,
      weaknesses:
        weakness === undefined
          ? []
          : [{ name: weakness[0], severity: weakness[1], description: weakness[2] }],
    }),
  )
}
