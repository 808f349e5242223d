// OpenTelemetry logs: the batching processor and the OTLP/HTTP exporter, both with their defaults.
import { SeverityNumber } from '@opentelemetry/api-logs'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'

/** @param {string} sinkUrl */
export function start(sinkUrl) {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'bench' }),
    processors: [
      new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${sinkUrl}/v1/logs` }) }),
    ],
  })
  const logger = provider.getLogger('bench')
  return {
    /** @param {import('../sdk/report.mjs').BenchReport} report */
    report: ({ title, ...rest }) =>
      logger.emit({ severityNumber: SeverityNumber.WARN, body: title, attributes: rest }),
    flush: () => provider.forceFlush(),
    close: () => provider.shutdown(),
  }
}
