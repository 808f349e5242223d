import type { StatusChange, VulnerabilityNote } from '../../inventory/vulnerability.ts'
import { statusKeycode } from './words.ts'

/** The documented `TraceNoteResource`. A note that tells of a change of status is nobody's to edit. */
export function noteResource(note: VulnerabilityNote) {
  const { statusChange } = note
  return {
    id: note.id,
    note: note.text,
    creator: note.author,
    creator_uid: note.author,
    creation: note.createdAt.getTime(),
    last_modification: note.changedAt.getTime(),
    last_updater: note.changedBy,
    last_updater_uid: note.changedBy,
    deletable: statusChange === undefined,
    hasBugtrackerComment: false,
    properties: statusChange === undefined ? [] : propertiesOf(statusChange),
    ...(statusChange === undefined ? {} : { readOnlyPropertyType: 'STATUS_CHANGE' }),
  }
}

function propertiesOf({ from, to, substatus }: StatusChange) {
  return [
    { name: 'status.change.previous.status', value: statusKeycode(from) },
    { name: 'status.change.status', value: statusKeycode(to) },
    ...(substatus === undefined ? [] : [{ name: 'status.change.substatus', value: substatus }]),
  ]
}
