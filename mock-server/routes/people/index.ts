import type { Route } from '../route.ts'
import { signIn, signOut } from './login.ts'
import {
  changePassword,
  changePasswordPolicy,
  showOwnPasswordPolicy,
  showPasswordPolicy,
} from './passwords.ts'
import {
  changeDefaultOrganization,
  listOwnOrganizations,
  showCurrentUser,
  showDefaultOrganization,
  showOrganization,
  showOwnOrganization,
  showOwnRoles,
  showProfile,
} from './profile.ts'
import { rotateServiceKey, showServiceKey } from './service-key.ts'
import { showSession } from './session.ts'
import {
  addUser,
  changeUserRole,
  enableUser,
  listUsers,
  lockUser,
  showUser,
  showUserAuthorization,
  unlockUser,
} from './users.ts'

/** People, logins and sessions. */
export const PEOPLE_ROUTES: readonly Route[] = [
  signIn,
  signOut,
  showProfile,
  showCurrentUser,
  showSession,
  showOwnRoles,
  showServiceKey,
  rotateServiceKey,
  listOwnOrganizations,
  showDefaultOrganization,
  showOwnOrganization,
  changeDefaultOrganization,
  showOwnPasswordPolicy,
  changePassword,
  showPasswordPolicy,
  changePasswordPolicy,
  showOrganization,
  listUsers,
  addUser,
  showUser,
  showUserAuthorization,
  lockUser,
  unlockUser,
  enableUser,
  changeUserRole,
]
