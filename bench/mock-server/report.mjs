/** The report that everybody is sent, of about 300 bytes and alone in its batch. */
export { reportBody } from '../load.mjs'

/** Where reports go. */
export const REPORTS_PATH = '/Contrast/api/engine/v1/reports'

/** What stands in for credentials where nobody makes any. */
export const FIXED_CREDENTIALS = {
  authorization: Buffer.from('agent_bench@Bench:S3rviceKeyS3rviceKey01').toString('base64'),
  'api-key': 'A1b2C3d4E5f6A1b2C3d4E5f6A1b2C3d4',
}

/** What the mock answers, for those that decide nothing. */
export const ACCEPTED =
  '{"success":true,"messages":[],"batch":null,"added":1,"known":0,"rejected":[]}'
