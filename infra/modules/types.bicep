@export()
@description('Who may drop data.')
type dropper = {
  @description('Object id of the Entra principal.')
  principalId: string

  principalType: 'User' | 'Group' | 'ServicePrincipal'

  @description('What the names of its drops begin with: "charite-" allows incoming/charite-2026-11/. Empty: any name.')
  prefix: string
}

@export()
@description('Machines of the cluster. What is left out has its default.')
type poolSizes = {
  @description('For the cluster\'s own pods. Default: Standard_D2ds_v5, 1 to 3.')
  systemVm: string?

  @description('For orchestrator, Ingest, segmenter and broker. Default: Standard_D8ds_v5.')
  cpuVm: string?

  @description('Default: 1. Three, in three zones, outlive the loss of one.')
  cpuLeast: int?

  @description('Default: 5.')
  cpuMost: int?

  @description('Zones of system and CPU machines: ["1", "2", "3"] where the region has them. Default: wherever there is room.')
  zones: string[]?

  @description('Default: Standard_NC4as_T4_v3, one T4 with 16 GiB.')
  gpuVm: string?

  @description('Cheap machines that Azure may take away. Default: 4.')
  gpuSpotMost: int?

  @description('Machines that stay. Default: 1.')
  gpuOnDemandMost: int?
}

@export()
type databaseSize = {
  sku: string
  tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized'

  @description('A second server in another zone; not with Burstable.')
  standby: bool

  @minValue(7)
  @maxValue(35)
  backupDays: int
}

@export()
@description('An identity as others need it.')
type identity = {
  clientId: string
  principalId: string
}

@export()
@description('What gets an address in the cluster\'s network.')
type endpointTarget = {
  name: string
  id: string
  group: string
  zone: string
}
