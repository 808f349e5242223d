// Twelve ways to get a forged report into somebody else's organization, as a thief would try them.

/**
 * @typedef {object} Attempt
 * @property {string} name What is tried, in a few words.
 * @property {string} path Below `<TeamServer>/api`.
 * @property {Record<string, string>} headers
 *
 * @typedef {object} Loot What the thief has got hold of.
 * @property {{ userName: string, serviceKey: string }} stolen The generated credentials of an engine.
 * @property {string} organizationId
 * @property {string} replacedApiKey The organization API key, before it was rotated.
 * @property {string} apiKey The organization API key itself: not even with it.
 * @property {{ userName: string, serviceKey: string }} deletedAgent An agent key that was deleted.
 * @property {{ userName: string, password: string, serviceKey: string }} person
 * @property {{ userName: string, serviceKey: string, apiKey: string }} rival An agent of another
 *   organization, with the API key of that organization.
 */

const SHORT = '/engine/v1/reports'

/**
 * @param {Loot} loot
 * @returns {readonly Attempt[]}
 */
export function forgedAttempts(loot) {
  const { stolen, rival, person, deletedAgent, apiKey } = loot
  const long = `/engine/v1/organizations/${loot.organizationId}/reports`
  const authorization = authorizationOf(stolen)
  return [
    {
      name: 'stolen generated credentials, no API key',
      path: SHORT,
      headers: { authorization },
    },
    {
      name: 'the same with a guessed API key',
      path: SHORT,
      headers: { authorization, 'api-key': changed(apiKey) },
    },
    {
      name: 'the same with the API key of before the rotation',
      path: SHORT,
      headers: { authorization, 'api-key': loot.replacedApiKey },
    },
    {
      name: "the same with another organization's API key",
      path: SHORT,
      headers: { authorization, 'api-key': rival.apiKey },
    },
    {
      name: 'the same with the service key as API key',
      path: SHORT,
      headers: { authorization, 'api-key': stolen.serviceKey },
    },
    {
      name: 'the right API key in the query string',
      path: `${SHORT}?api-key=${apiKey}`,
      headers: { authorization },
    },
    {
      name: 'the right API key, no generated credentials',
      path: SHORT,
      headers: { 'api-key': apiKey },
    },
    {
      name: 'the right API key, a guessed service key',
      path: SHORT,
      headers: {
        authorization: authorizationOf({ ...stolen, serviceKey: changed(stolen.serviceKey) }),
        'api-key': apiKey,
      },
    },
    {
      name: 'the right API key, a deleted agent key',
      path: SHORT,
      headers: { authorization: authorizationOf(deletedAgent), 'api-key': apiKey },
    },
    {
      name: "another organization's agent, the path edited",
      path: long,
      headers: { authorization: authorizationOf(rival), 'api-key': rival.apiKey },
    },
    {
      name: "a person's user name and password",
      path: SHORT,
      headers: {
        authorization: authorizationOf({ userName: person.userName, serviceKey: person.password }),
        'api-key': apiKey,
      },
    },
    {
      name: "an administrator's service key",
      path: SHORT,
      headers: { authorization: authorizationOf(person), 'api-key': apiKey },
    },
  ]
}

/** @param {{ userName: string, serviceKey: string }} credentials */
export function authorizationOf({ userName, serviceKey }) {
  return Buffer.from(`${userName}:${serviceKey}`).toString('base64')
}

/**
 * The same characters in another order: right in length and in every rule, wrong all the same.
 *
 * @param {string} key
 */
function changed(key) {
  return key.slice(1) + key.charAt(0)
}
