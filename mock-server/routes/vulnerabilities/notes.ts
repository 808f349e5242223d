import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import { newUuid } from '../../flat-text.ts'
import { withNote } from '../../inventory/triage.ts'
import type { VulnerabilityNote, VulnerabilityRecord } from '../../inventory/vulnerability.ts'
import { done } from '../done.ts'
import { notFound } from '../listing/not-found.ts'
import { ALL_ROLES, type GuardedRoute, route, routeWithBody } from '../route.ts'
import { noteResource } from './note-resource.ts'
import { APPLICATION_SCOPE, type VulnerabilityCall, withVulnerability } from './scope.ts'
import { TraceNoteRequest } from './validators.generated.js'

const NOTES = '/ng/:org/applications/:app/traces/:trace/notes'
const EVERYONE = { people: ALL_ROLES }

const listNotes = route({
  method: 'GET',
  path: NOTES,
  access: EVERYONE,
  description: {
    summary: 'List the notes of a vulnerability, newest first',
    isOurs: false,
    answer: 'TraceNotesResponse',
  },
  answer: (call) =>
    withVulnerability(call, APPLICATION_SCOPE, ({ triage }) =>
      done({ notes: [...triage.notes].reverse().map(noteResource) }),
    ),
})

const addNote = routeWithBody({
  method: 'POST',
  path: NOTES,
  access: EVERYONE,
  takesForms: true,
  description: {
    summary: 'Add a note to a vulnerability, as JSON or as a form',
    isOurs: false,
    request: 'TraceNoteRequest',
    answer: 'TraceNoteResponse',
  },
  validator: TraceNoteRequest,
  answer: (call) =>
    withVulnerability(call, APPLICATION_SCOPE, async ({ uuid }) => {
      const { store, organization, actor, now, message } = call
      const author = actor.userName
      const note: VulnerabilityNote = {
        id: newUuid(),
        text: message.note,
        author,
        createdAt: now,
        changedAt: now,
        changedBy: author,
      }
      await store.changeTriage(organization.id, uuid, (before) => withNote(before, note))
      return done({ note: noteResource(note) })
    }),
})

const changeNote = routeWithBody({
  method: 'PUT',
  path: `${NOTES}/:note`,
  access: EVERYONE,
  takesForms: true,
  description: {
    summary: 'Change a note',
    isOurs: false,
    request: 'TraceNoteRequest',
    answer: 'BaseApiResponse',
  },
  validator: TraceNoteRequest,
  answer: (call) =>
    withNoteOf(call, async ({ uuid }, { id }) => {
      const { store, organization, actor, now, message } = call
      await store.changeTriage(organization.id, uuid, (before) => ({
        ...before,
        notes: before.notes.map((each) =>
          each.id === id
            ? { ...each, text: message.note, changedAt: now, changedBy: actor.userName }
            : each,
        ),
      }))
      return done({ messages: ['The note was changed.'] })
    }),
})

const deleteNote = route({
  method: 'DELETE',
  path: `${NOTES}/:note`,
  access: EVERYONE,
  description: { summary: 'Delete a note', isOurs: false, answer: 'BaseApiResponse' },
  answer: (call) =>
    withNoteOf(call, async ({ uuid }, { id }) => {
      const { store, organization } = call
      await store.changeTriage(organization.id, uuid, (before) => ({
        ...before,
        notes: before.notes.filter((each) => each.id !== id),
      }))
      return done({ messages: ['The note was deleted.'] })
    }),
})

export const NOTE_ROUTES: readonly GuardedRoute[] = [listNotes, addNote, changeNote, deleteNote]

/** Works on the note that the path names; one that tells of a change of status stays as it is. */
function withNoteOf(
  call: VulnerabilityCall,
  work: (record: VulnerabilityRecord, note: VulnerabilityNote) => Promise<Answer>,
): Promise<Answer> {
  return withVulnerability(call, APPLICATION_SCOPE, (record) => {
    const note = record.triage.notes.find(({ id }) => id === call.parameters.note)
    if (note === undefined) return notFound('note')
    if (note.statusChange !== undefined) {
      return refusal('request-malformed', {
        where: 'a note that tells of a change of status cannot be changed',
      })
    }
    return work(record, note)
  })
}
