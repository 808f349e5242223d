// What TeamServer got to know, for people.
import { table } from '../forged-reports/forge.mjs'

/** @typedef {import('teamserver-engine/mock-server').StoredReport['report']} Report */

/** @param {Report} report */
export const isForged = ({ id }) => id.startsWith('forged-')

/**
 * @param {readonly Report[]} reports
 * @param {readonly import('teamserver-engine/mock-server').ApplicationRecord[]} applications
 */
export function describeArrivals(reports, applications) {
  const libraries = reports.filter((report) => report.type === 'library')
  const direct = libraries.filter(({ dependency }) => dependency === 'direct')
  const routes = reports.filter((report) => report.type === 'route' && report.state === 'observed')
  const findings = reports.filter((report) => report.type === 'finding')
  return [
    '  What arrived:',
    ...applications.map(
      ({ name, version, language }) => `    application  ${name} ${version} (${language})`,
    ),
    `    libraries    ${libraries.length}, of them direct: ${direct
      .map(({ name, version }) => `${name} ${version}`)
      .sort()
      .join(', ')}`,
    ...findings.map(
      ({ rule, severity, title }) => `    finding      ${severity} ${rule}: ${title}`,
    ),
    '    routes',
    table(
      routes
        .map(({ method = '', pattern = '', status, count }) => [
          '  ',
          method,
          pattern,
          String(status),
          `${count} x`,
        ])
        .sort((one, other) => (one.join(' ') < other.join(' ') ? -1 : 1)),
    ),
    '',
  ].join('\n')
}
