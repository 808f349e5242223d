// Checks the rules of the house that no linter knows: which room may import from which.
// Import circles are biome's to find.
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, resolve, sep } from 'node:path'
import { root } from './esbuild-options.mjs'

/**
 * Each rule: files below `from` may not import what `forbidden` matches, but for what `allowed` does.
 * Paths are relative to the repository; packages stand by their name.
 */
const RULES = [
  {
    from: 'mock-server/',
    forbidden: /^sdk\//,
    allowed: /^sdk\/wire\//,
    why: 'the mock knows the words of the wire and nothing else of the engine',
  },
  { from: 'sdk/', forbidden: /^mock-server\//, why: 'the engine never loads a line of the mock' },
  {
    from: 'sdk/wire/',
    forbidden: /./,
    allowed: /^sdk\/wire\//,
    why: 'the words of the wire import nothing',
  },
  {
    from: 'sdk/',
    forbidden: /^(?!sdk\/|node:|undici$|yaml$|commander$)/,
    why: 'the engine stands on undici and yaml alone',
  },
  {
    from: 'sdk/',
    except: /^sdk\/cli\//,
    forbidden: /^commander$/,
    why: 'only the command reads arguments',
  },
  {
    from: 'sdk/transport/',
    forbidden: /^sdk\/(engine|delivery|plugins|configuration)/,
    why: 'the network knows nothing of what it carries',
  },
  {
    from: 'sdk/renewal/',
    forbidden: /^sdk\/(engine|delivery|plugins|buffer|spool)/,
    why: 'where keys come from knows nothing of what they are sent with',
  },
  {
    from: 'sdk/configuration/',
    forbidden: /^sdk\/(engine|delivery|buffer|spool|renewal)/,
    why: 'the configuration knows nothing of what goes by it',
  },
  {
    from: 'sdk/events/',
    forbidden: /./,
    allowed: /^(sdk\/(events|wire)\/|sdk\/transport\/classify\.ts$|node:)/,
    why: 'events tell, and know nothing of who has something to tell',
  },
  {
    from: 'sdk/buffer/',
    forbidden: /^sdk\/(engine|delivery|plugins|configuration|transport)/,
    why: 'what waits knows nothing of where it goes',
  },
  {
    from: 'mock-server/',
    except: /^mock-server\/adapters\/msw\.ts$/,
    forbidden: /^msw$/,
    why: 'msw is an optional peer: only its own door loads it',
  },
  {
    from: 'sdk/spool/',
    forbidden: /./,
    allowed: /^(sdk\/spool\/|sdk\/buffer\/|sdk\/(clock|caught-error)\.ts$|node:)/,
    why: 'the disk keeps what waits, and knows nothing of who sends it',
  },
  {
    from: 'mock-server/',
    except: /^mock-server\/vitest\/vitest\.ts$/,
    forbidden: /^vitest$/,
    why: 'vitest is an optional peer: only its own entry loads it',
  },
  {
    from: 'mock-server/',
    except: /^mock-server\/certificates\//,
    forbidden: /^@peculiar\/|^mock-server\/certificates\/authority\.ts$/,
    why: 'the makers of certificates are loaded when one is made',
  },
  {
    from: 'mock-server/certificates/',
    forbidden: /^mock-server\//,
    allowed: /^mock-server\/(certificates\/|(errors|caught-error)\.ts$)/,
    why: 'certificates know nothing of who shows them',
  },
  {
    from: 'mock-server/store/',
    forbidden: /^mock-server\/(core|routes|adapters|administration|authentication|cli|control)/,
    why: 'the store keeps, and knows nothing of who asks',
  },
  {
    from: 'mock-server/inventory/',
    forbidden: /./,
    allowed: /^(node:|sdk\/wire\/|mock-server\/inventory\/|mock-server\/store\/records\.ts$)/,
    why: 'what is made of reports is made of records alone',
  },
  {
    from: 'mock-server/documents/',
    forbidden: /./,
    allowed: /^(node:|mock-server\/documents\/)/,
    why: 'formats know nothing of what is written in them',
  },
  {
    from: 'mock-server/keys/',
    forbidden: /^mock-server\/(?!keys\/)/,
    why: 'keys and their rules stand on nothing else',
  },
  {
    from: 'mock-server/live/',
    forbidden: /^mock-server\/(adapters|cli|control|routes|team-server|administration)/,
    why: 'what people see live knows no door and no route',
  },
  {
    from: 'mock-server/page/',
    forbidden: /./,
    allowed:
      /^(mock-server\/page\/|mock-server\/keys\/(key-policy|key-strength|generate-key)\.ts$|sdk\/wire\/|preact(\/hooks)?$)/,
    why: 'the page runs in a browser, and shares the rules of keys alone',
  },
  {
    from: 'mock-server/',
    except: /^mock-server\/page\//,
    forbidden: /^(mock-server\/page\/|preact)/,
    why: 'only browsers load the page',
  },
  {
    from: 'mock-server/routes/',
    forbidden: /^mock-server\/(adapters|cli|control|team-server|organization\/)/,
    why: 'a route knows no door',
  },
  {
    from: 'mock-server/',
    except: /^mock-server\/(catalog|openapi|team-server)\//,
    forbidden: /^mock-server\/catalog\//,
    why: 'the catalog is read by whoever is asked for something in it',
  },
  {
    from: 'mock-server/core/',
    forbidden: /^mock-server\/(adapters|cli|control|team-server|organization\/)/,
    why: 'the core knows no door',
  },
]

const faults = ['sdk', 'mock-server'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .flatMap((file) => faultsOf(posix.join(folder, file.split(sep).join('/')))),
)
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exit(1)
console.error('architecture: every import points where it may')

/** @param {string} file */
function faultsOf(file) {
  return importsOf(file).flatMap((target) =>
    RULES.filter(
      ({ from, except, forbidden, allowed }) =>
        file.startsWith(from) &&
        !except?.test(file) &&
        forbidden.test(target) &&
        !allowed?.test(target),
    ).map(({ why }) => `${file} imports ${target}: ${why}`),
  )
}

/** @param {string} file */
function importsOf(file) {
  const text = readFileSync(join(root, file), 'utf8')
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'/gm),
    ...text.matchAll(/^import '([^']+)'/gm),
    ...text.matchAll(/\bimport\('([^']+)'\)/g),
  ].map(([, specifier = '']) => specifier)
  return specifiers.map((specifier) =>
    specifier.startsWith('.')
      ? relative(root, resolve(root, file, '..', specifier))
          .split(sep)
          .join('/')
      : specifier,
  )
}
