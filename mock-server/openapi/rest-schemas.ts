/** Shapes of the REST answers, by the documented field names. The engine's shapes stand in `sdk/wire/`. */
export const REST_SCHEMAS = {
  LiveRequestAnswer: {
    type: 'object',
    required: ['success', 'messages', 'request'],
    properties: {
      success: { const: true },
      messages: { $ref: '#/components/schemas/Messages' },
      request: {
        description: 'Header values and bodies show where they hold no secret.',
        type: 'object',
        required: ['id', 'receivedAt', 'state', 'method', 'path', 'headers'],
      },
    },
  },
  ForgedAttemptsAnswer: {
    type: 'object',
    required: ['success', 'messages', 'apiKeyEnabled', 'attempts'],
    properties: {
      success: { const: true },
      messages: { $ref: '#/components/schemas/Messages' },
      apiKeyEnabled: { type: 'boolean' },
      attempts: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'expected', 'status', 'reason', 'stored'],
          properties: {
            name: { type: 'string' },
            expected: { enum: ['stored', 'refused'] },
            status: { type: 'integer' },
            reason: { type: ['string', 'null'] },
            stored: { type: 'boolean' },
          },
        },
      },
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
