/** Shapes of the REST answers, by the documented field names. The engine's shapes stand in `sdk/wire/`. */
export const REST_SCHEMAS = {
  ApplicationsAnswer: {
    type: 'object',
    required: ['success', 'messages', 'applications', 'count'],
    properties: {
      success: { const: true },
      messages: { $ref: '#/components/schemas/Messages' },
      applications: {
        type: 'array',
        items: {
          type: 'object',
          required: ['app_id', 'name', 'language', 'archived', 'created', 'last_seen', 'tags'],
          properties: {
            app_id: { type: 'string' },
            name: { type: 'string' },
            short_name: { type: 'string' },
            path: { type: 'string' },
            language: { type: 'string' },
            archived: { type: 'boolean' },
            created: { description: 'Milliseconds since 1970.', type: 'integer' },
            last_seen: { description: 'Milliseconds since 1970.', type: 'integer' },
            tags: { type: 'array', items: { type: 'string' } },
            total_modules: { type: 'integer' },
          },
        },
      },
      count: { description: 'How many there are, on all pages.', type: 'integer' },
    },
  },
  AgentVersionsAnswer: {
    type: 'object',
    required: ['success', 'messages', 'agents', 'availableHostInstallerAgents'],
    properties: {
      success: { const: true },
      messages: { $ref: '#/components/schemas/Messages' },
      agents: {
        type: 'array',
        items: {
          type: 'object',
          required: ['language', 'version'],
          properties: { language: { type: 'string' }, version: { type: 'string' } },
        },
      },
      availableHostInstallerAgents: { type: 'array', items: {} },
    },
  },
} as const
