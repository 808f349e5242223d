/** The true reasons in words; one that is not here is shown as it is. */
const WORDS: Readonly<Record<string, string>> = {
  'authorization-missing': 'no credentials were sent',
  'authorization-malformed': 'the Authorization header is not base64 of name and key',
  'user-unknown': 'nobody has this user name',
  'agent-key-deleted': 'the agent key was deleted',
  'organization-locked': 'the organization is locked',
  'person-disabled': 'the person is disabled',
  'person-locked': 'the person is locked',
  'service-key-wrong': 'the service key is wrong',
  'service-key-retired': 'the service key was replaced, and its overlap is over',
  'api-key-missing': 'no API key was sent',
  'api-key-wrong': 'the API key is wrong',
  'api-key-retired': 'the API key was replaced, and its overlap is over',
  'session-unknown': 'there is no such login',
  'session-idle': 'the login was idle for too long',
  'session-expired': 'the login has lasted its time',
  'session-absent': 'nobody is signed in',
  'csrf-token-wrong': 'a change came without the token of the login',
  'password-wrong': 'the password is wrong',
  'api-only': 'the account is for the API alone',
  'address-refused': 'the address is not in the list',
  'organization-unknown': 'there is no such organization',
  'organization-of-others': 'the caller belongs to another organization',
  'person-on-engine-route': 'a person reports nothing: only engines do',
  'agent-on-rest': 'an engine reads nothing',
  'role-too-small': 'the role is too small',
  'route-unknown': 'there is nothing at this path',
  'method-refused': 'the path does not answer this method',
}

export function reasonInWords({
  reason,
  detail,
}: {
  readonly reason: string
  readonly detail: string
}): string {
  return WORDS[detail] ?? (detail === reason ? reason.replaceAll('-', ' ') : detail)
}
