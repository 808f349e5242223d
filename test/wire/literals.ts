/**
 * Credentials and what they look like on the wire. The encoded texts were made with `base64` of
 * coreutils, not with code of ours.
 */
export const ORGANIZATION_ID = '0f1e2d3c-0000-4000-8000-00000000000a'
export const AGENT_USER_NAME = 'agent_0f1e2d3c-0000-4000-8000-00000000000a@Shop'
export const SERVICE_KEY = 'SSSSSSssssss333333TTTTTTtttttt44'
export const API_KEY = 'AAAAAAaaaaaa111111BBBBBBbbbbbb22'

/** base64 of `agent_0f1e…@Shop:SSSS…44`. */
export const AGENT_AUTHORIZATION =
  'YWdlbnRfMGYxZTJkM2MtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDBhQFNob3A6U1NTU1NTc3Nzc3NzMzMzMzMzVFRUVFRUdHR0dHR0NDQ='

export const ADMIN_KEY = 'MMMMMMmmmmmm555555NNNNNNnnnnnn66'

/** base64 of `boss:MMMM…66`. */
export const ADMIN_AUTHORIZATION = 'Ym9zczpNTU1NTU1tbW1tbW01NTU1NTVOTk5OTk5ubm5ubm42Ng=='

/** base64 of `{"url":"http://127.0.0.1/Contrast","user_name":…,"service_key":…,"api_key":…}`. */
export const AGENT_TOKEN =
  'eyJ1cmwiOiJodHRwOi8vMTI3LjAuMC4xL0NvbnRyYXN0IiwidXNlcl9uYW1lIjoiYWdlbnRfMGYxZTJkM2MtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDBhQFNob3AiLCJzZXJ2aWNlX2tleSI6IlNTU1NTU3Nzc3NzczMzMzMzM1RUVFRUVHR0dHR0dDQ0IiwiYXBpX2tleSI6IkFBQUFBQWFhYWFhYTExMTExMUJCQkJCQmJiYmJiYjIyIn0='
