/**
 * The fields of a compose file that the example uses, as a JSON Schema, from the Compose Specification,
 * https://github.com/compose-spec/compose-spec/blob/main/spec.md: a misspelt one would be refused.
 */
const DURATION = { type: 'string', pattern: '^(\\d+(us|ms|s|m|h))+$' }
const COMMAND = { type: 'array', items: { type: 'string' }, minItems: 1 }

export const COMPOSE_FIELDS = {
  type: 'object',
  additionalProperties: false,
  required: ['services'],
  properties: {
    services: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['image', 'command'],
        properties: {
          // Pinned: a name and a whole version.
          image: { type: 'string', pattern: '^[a-z/]+:\\d+\\.\\d+\\.\\d+(-[a-z]+)*$' },
          working_dir: { type: 'string', pattern: '^/' },
          volumes: { type: 'array', items: { type: 'string', pattern: '^[^:]+:/[^:]*(:ro)?$' } },
          command: COMMAND,
          environment: { type: 'object', additionalProperties: { type: 'string' } },
          healthcheck: {
            type: 'object',
            additionalProperties: false,
            required: ['test'],
            properties: {
              test: COMMAND,
              interval: DURATION,
              timeout: DURATION,
              retries: { type: 'integer', minimum: 1 },
            },
          },
          depends_on: {
            type: 'object',
            additionalProperties: {
              type: 'object',
              additionalProperties: false,
              required: ['condition'],
              properties: {
                condition: {
                  enum: ['service_started', 'service_healthy', 'service_completed_successfully'],
                },
              },
            },
          },
        },
      },
    },
  },
}
