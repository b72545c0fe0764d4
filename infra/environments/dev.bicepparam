// To try it: small, and cheap while nothing trains.
using '../main.bicep'

param name = 'versemidev'
param host = 'versemi-dev.example.org'
param administrators = readEnvironmentVariable('VERSEMI_ADMINISTRATORS')
param databasePassword = readEnvironmentVariable('VERSEMI_DATABASE_PASSWORD')
param pools = {
  cpuVm: 'Standard_D4ds_v5'
  cpuMost: 2
  gpuSpotMost: 1
  gpuOnDemandMost: 1
}
param deletedKeptDays = 7
// Images are pushed, and data is dropped, from a desk outside the network.
param privateEndpoints = false
