// One line for each *Request in applications.schema.json: its validator, typed by what it lets through.
import type { Validator } from '../../messages/validators.generated.js'
import type {
  AppDisplayNameMessage,
  ApplicationImportanceMessage,
  ApplicationLicenseMessage,
  ApplicationsFiltersMessage,
} from './messages.ts'

export declare const ApplicationsFiltersRequest: Validator<ApplicationsFiltersMessage>
export declare const ApplicationImportanceRequest: Validator<ApplicationImportanceMessage>
export declare const AppDisplayNameRequest: Validator<AppDisplayNameMessage>
export declare const ApplicationLicenseRequest: Validator<ApplicationLicenseMessage>
