import { expect, test } from 'vitest'
import { isReadableOnTheWay, teamServerUrl } from '../../../sdk/configuration/url.ts'

test.each([
  ['teamserver.test', 'https://teamserver.test/Contrast/api'],
  ['teamserver.test:8443', 'https://teamserver.test:8443/Contrast/api'],
  ['https://teamserver.test', 'https://teamserver.test/Contrast/api'],
  ['https://teamserver.test/', 'https://teamserver.test/Contrast/api'],
  ['HTTPS://TeamServer.test:443/Contrast', 'https://teamserver.test/Contrast/api'],
  ['https://teamserver.test/Contrast/', 'https://teamserver.test/Contrast/api'],
  ['https://teamserver.test/Contrast/api', 'https://teamserver.test/Contrast/api'],
  ['https://teamserver.test//Contrast//api//', 'https://teamserver.test/Contrast/api'],
  ['https://teamserver.test/contrast', 'https://teamserver.test/Contrast/api'],
  ['https://proxy.test/a/b/Contrast', 'https://proxy.test/a/b/Contrast/api'],
  ['https://proxy.test/a', 'https://proxy.test/a/Contrast/api'],
  ['http://teamserver.test', 'http://teamserver.test/Contrast/api'],
  ['localhost', 'http://localhost/Contrast/api'],
  ['localhost:443', 'http://localhost:443/Contrast/api'],
  ['127.8.0.1:8080/Contrast', 'http://127.8.0.1:8080/Contrast/api'],
  ['[::1]:8080', 'http://[::1]:8080/Contrast/api'],
  ['https://localhost:8080', 'https://localhost:8080/Contrast/api'],
  ['localhost.example', 'https://localhost.example/Contrast/api'],
])('C-115: the address %s is taken as %s', (given, normalised) => {
  expect(teamServerUrl.fromText(given)).toEqual({ status: 'read', value: normalised })
})

test.each([
  '',
  ' https://teamserver.test',
  'https://teamserver.test\n',
  'https://team server.test',
  'ftp://teamserver.test',
  'file:///etc/passwd',
  'file:/etc/passwd',
  'javascript:alert(1)',
  '//teamserver.test',
  'http:///teamserver.test',
  'https://',
  'https://user:hunter2@teamserver.test',
  'user:hunter2@teamserver.test',
  'hunter2@teamserver.test',
  'https://teamserver.test?key=hunter2',
  'https://teamserver.test/#hunter2',
  'http://[::1',
  'teamserver.test:0',
  'https://teamserver.test:99999',
  'teamserver.test:http',
  'https://teamserver.test\\@hunter2.test',
  'https://teamserver.test/Contrast/static',
  `https://${'a'.repeat(2_048)}`,
])('C-115: the address %j is refused, without being repeated', (given) => {
  const reading = teamServerUrl.fromText(given)
  expect(reading.status).toBe('refused')
  expect(JSON.stringify(reading)).not.toMatch(/hunter2|teamserver\.test/)
})

test.each([
  ['http://teamserver.test/Contrast/api', true],
  ['https://teamserver.test/Contrast/api', false],
  ['http://127.0.0.1:8080/Contrast/api', false],
  ['http://[::1]/Contrast/api', false],
])('whether others can read what goes to %s: %s', (url, isReadable) => {
  expect(isReadableOnTheWay(url)).toBe(isReadable)
})
