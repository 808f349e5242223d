export interface TagMessage {
  readonly tag: string
}

export interface TagsVulnerabilitiesMessage {
  readonly traces_id: readonly string[]
  readonly tags: readonly string[]
}

export interface TagsTracesMessage {
  readonly traces_uuid: readonly string[]
}

export interface TagsTracesUpdateMessage extends TagsTracesMessage {
  readonly tags: readonly string[]
  readonly tags_remove?: readonly string[]
}

export interface TagsApplicationsMessage {
  readonly applications_id: readonly string[]
  readonly tags: readonly string[]
}

export interface TagsApplicationsUpdateMessage extends TagsApplicationsMessage {
  readonly tags_remove: readonly string[]
}
