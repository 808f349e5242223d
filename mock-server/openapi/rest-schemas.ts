/** Shapes of the REST answers, by the documented field names. The engine's shapes stand in `sdk/wire/`. */
export const REST_SCHEMAS = {
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
