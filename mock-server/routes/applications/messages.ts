/** What a client sends to say which applications it means: as the query would, one field each. */
export type ApplicationsFiltersMessage = Readonly<Record<string, unknown>>

export interface ApplicationImportanceMessage {
  readonly importance: number
}

export interface AppDisplayNameMessage {
  readonly name: string
}

export interface ApplicationLicenseMessage {
  readonly level: string
}
