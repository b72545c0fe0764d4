using '../main.bicep'

param name = 'versemi'
param host = 'versemi.example.org'
param administrators = readEnvironmentVariable('VERSEMI_ADMINISTRATORS')
param databasePassword = readEnvironmentVariable('VERSEMI_DATABASE_PASSWORD')
param pools = {
  zones: ['1', '2', '3']
  cpuVm: 'Standard_D4ds_v5'
  cpuLeast: 3
  cpuMost: 8
  gpuVm: 'Standard_NC24ads_A100_v4'
  gpuSpotMost: 4
  gpuOnDemandMost: 2
}
param database = {
  sku: 'Standard_D2ds_v5'
  tier: 'GeneralPurpose'
  standby: true
  backupDays: 35
}
param allowedNetworks = ['203.0.113.0/24']
param droppers = [
  {
    principalId: '00000000-0000-0000-0000-000000000000'
    principalType: 'ServicePrincipal'
    prefix: 'hospital-a-'
  }
]
