param name string
param location string

@description('Principal id of the identity by which the External Secrets Operator reads.')
param reader string

@description('Object id of application routing\'s identity, which takes the site\'s certificate.')
param ingressController string
param administrators string
param isPrivate bool
param allowedNetworks string[]

@secure()
param databasePassword string

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var certificateUser = 'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba'
var vaultAdministrator = '00482a5a-887f-4fb3-b363-3b7fe8e74483'

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: '${name}${uniqueString(resourceGroup().id)}'
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate && empty(allowedNetworks) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
      ipRules: [for range in (isPrivate ? allowedNetworks : []): { value: range }]
    }
  }

  resource password 'secrets' = {
    name: 'database-password'
    properties: {
      value: databasePassword
    }
  }
}

// The one secret that it needs, and no other.
resource readsPassword 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault::password
  name: guid(vault::password.id, 'external-secrets', secretsUser)
  properties: {
    principalId: reader
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource takesCertificate 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, 'application-routing', certificateUser)
  properties: {
    principalId: ingressController
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', certificateUser)
  }
}

resource administrate 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, administrators, vaultAdministrator)
  properties: {
    principalId: administrators
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', vaultAdministrator)
  }
}

output id string = vault.id
output uri string = vault.properties.vaultUri
output certificateUri string = '${vault.properties.vaultUri}certificates/versemi'
