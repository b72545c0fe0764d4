// VerSemi on Azure: everything that k8s/overlays/{staging,production} run on. RabbitMQ comes with the manifests: Azure has none.
// The outputs are what the manifests need (infra/outputs-to-env); how to deploy: docs/howto/deploy-azure.md.

@description('Part of every name: 3 to 11 lower case letters and digits, for the names that must be unique in all of Azure.')
@minLength(3)
@maxLength(11)
param name string

@description('The region. GPU sizes differ: az vm list-skus --size Standard_N --location REGION')
param location string = resourceGroup().location

@description('The name under which people reach the platform: versemi.example.org')
param host string

@description('Object id of the Entra group whose members administer the cluster, read secrets and see Grafana.')
param administrators string

@secure()
@description('Of the database user. Letters and digits, 24 or more: it becomes part of a connection string.')
@minLength(24)
param databasePassword string

@description('Who may drop data: an Entra principal each (a person, a group, or a hospital\'s service principal), and the names that its drops begin with.')
param droppers dropper[] = []

@description('Machines, and how many of each at most. The GPU pools scale from zero.')
param pools poolSizes = {}

@description('Size of the database: Standard_B2s (burstable), or Standard_D2ds_v5 with a standby in another zone.')
param database databaseSize = {
  sku: 'Standard_B2s'
  tier: 'Burstable'
  standby: false
  backupDays: 7
}

@description('How many days a deleted or overwritten blob can be brought back. A withdrawn patient\'s images are gone only after them.')
@minValue(1)
@maxValue(365)
param deletedKeptDays int = 14

@description('Write-once storage: no blob can be changed or deleted for so many days. 0: off, as patients may withdraw.')
@minValue(0)
param writeOnceDays int = 0

@description('Storage, vault and registry have no public address, only one in the cluster\'s network. False only to try it with data that may be public.')
param privateEndpoints bool = true

@description('Action groups (resource ids) that are told of alerts. None: alerts are only shown in the portal and in Grafana.')
param actionGroups string[] = []

@description('Networks (203.0.113.0/24) from which storage and vault can still be reached where privateEndpoints is true: of hospitals that drop data.')
param allowedNetworks string[] = []

import { dropper, poolSizes, databaseSize } from 'modules/types.bicep'

var podCidr = '10.244.0.0/16'

// Names that more than one module needs are made here: of an output, what-if could not say what it changes.
var networkName = '${name}-network'
var accountName = '${name}${uniqueString(resourceGroup().id)}'
var containerName = 'versemi'
var queueName = 'versemi-blob-events'

module network 'modules/network.bicep' = {
  name: 'network'
  params: {
    name: name
    networkName: networkName
    location: location
  }
}

module identities 'modules/identities.bicep' = {
  name: 'identities'
  params: {
    name: name
    location: location
    oidcIssuer: cluster.outputs.oidcIssuer
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: name
    location: location
    administrators: administrators
  }
}

module cluster 'modules/cluster.bicep' = {
  name: 'cluster'
  params: {
    name: name
    location: location
    networkName: networkName
    nodeSubnetName: 'nodes'
    podCidr: podCidr
    pools: pools
    administrators: administrators
    metricsRule: monitoring.outputs.metricsRule
  }
  dependsOn: [network]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    name: name
    location: location
    workspace: monitoring.outputs.workspace
    clusterName: cluster.outputs.name
    actionGroups: actionGroups
  }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  params: {
    name: name
    location: location
    kubelet: cluster.outputs.kubelet
    isPrivate: privateEndpoints
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: name
    accountName: accountName
    containerName: containerName
    queueName: queueName
    location: location
    deletedKeptDays: deletedKeptDays
    writeOnceDays: writeOnceDays
    isPrivate: privateEndpoints
    allowedNetworks: allowedNetworks
  }
}

module storageRoles 'modules/storage-roles.bicep' = {
  name: 'storage-roles'
  params: {
    account: accountName
    container: containerName
    queue: queueName
    orchestrator: identities.outputs.orchestrator.principalId
    ingest: identities.outputs.ingest.principalId
    trainer: identities.outputs.trainer.principalId
    segmenter: identities.outputs.segmenter.principalId
    droppers: droppers
  }
  dependsOn: [storage]
}

module postgres 'modules/postgres.bicep' = {
  name: 'postgres'
  params: {
    name: name
    location: location
    subnet: network.outputs.databaseSubnet
    privateDnsZone: network.outputs.databaseDnsZone
    size: database
    password: databasePassword
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    name: name
    location: location
    reader: identities.outputs.secrets.principalId
    ingressController: cluster.outputs.ingressController
    administrators: administrators
    databasePassword: databasePassword
    isPrivate: privateEndpoints
    allowedNetworks: allowedNetworks
  }
}

module endpoints 'modules/private-endpoints.bicep' = if (privateEndpoints) {
  name: 'private-endpoints'
  params: {
    name: name
    location: location
    network: network.outputs.network
    subnet: network.outputs.endpointSubnet
    targets: [
      { name: 'blob', id: storage.outputs.accountId, group: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
      { name: 'queue', id: storage.outputs.accountId, group: 'queue', zone: 'privatelink.queue.${environment().suffixes.storage}' }
      { name: 'vault', id: vault.outputs.id, group: 'vault', zone: 'privatelink.vaultcore.azure.net' }
      { name: 'registry', id: registry.outputs.id, group: 'registry', zone: 'privatelink.azurecr.io' }
    ]
  }
}

output blobContainer string = containerName
output blobEventsQueue string = queueName
output blobServiceUri string = storage.outputs.blobServiceUri
output certificateUri string = vault.outputs.certificateUri
output clusterName string = cluster.outputs.name
output databaseHost string = postgres.outputs.host
output databaseName string = postgres.outputs.database
output databaseNetwork string = network.outputs.databaseNetwork
output databaseUser string = postgres.outputs.user
output grafanaUri string = monitoring.outputs.grafanaUri
output host string = host
output ingestClientId string = identities.outputs.ingest.clientId
output orchestratorClientId string = identities.outputs.orchestrator.clientId
output podCidr string = podCidr
output queueServiceUri string = storage.outputs.queueServiceUri
output registryServer string = registry.outputs.server
output secretsClientId string = identities.outputs.secrets.clientId
output segmenterClientId string = identities.outputs.segmenter.clientId
output tenantId string = tenant().tenantId
output trainerClientId string = identities.outputs.trainer.clientId
output vaultUri string = vault.outputs.uri
