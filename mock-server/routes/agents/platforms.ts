/** The platforms that the documentation names for agent binaries. None of them is ours. */
export const DOCUMENTED_BINARIES = [
  'JAVA',
  'DOTNET',
  'DOTNET_CORE',
  'DOTNET_CORE_INSTALLER_FOR_IIS',
] as const

/** The one platform whose engine is here to download. */
export const OUR_PLATFORM = 'NODE'

/** The platforms that the documentation names for configuration files. */
export const CONFIGURED_PLATFORMS: readonly string[] = [
  ...DOCUMENTED_BINARIES,
  OUR_PLATFORM,
  'RUBY',
  'PYTHON',
  'GO',
  'PHP',
]
