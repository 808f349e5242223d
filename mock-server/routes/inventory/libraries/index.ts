import type { Route } from '../../route.ts'
import { BILLS } from './bill-of-materials.ts'
import { exportLibraries } from './export-libraries.ts'
import { COUNTS } from './library-counts.ts'
import { LISTINGS } from './library-listings.ts'
import { listPolicyLicenses, showLibraryPolicy } from './library-policy.ts'
import {
  changeLibraryTags,
  listLibraryTags,
  listLibraryTagsOfApplication,
  listTagsOfLibraries,
  tagLibraries,
  untagLibraries,
  untagLibrary,
} from './library-tags.ts'
import { LISTS } from './list-libraries.ts'
import { showLibrary } from './one-library.ts'

/** Libraries of the organization, of applications and of servers. */
export const LIBRARY_ROUTES: readonly Route[] = [
  ...LISTS,
  ...LISTINGS,
  ...COUNTS,
  ...BILLS,
  exportLibraries,
  showLibrary,
  showLibraryPolicy,
  listPolicyLicenses,
  listLibraryTags,
  listLibraryTagsOfApplication,
  listTagsOfLibraries,
  tagLibraries,
  untagLibraries,
  changeLibraryTags,
  untagLibrary,
]
