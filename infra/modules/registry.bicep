param name string
param location string

@description('Object id of the nodes\' identity, which pulls.')
param kubelet string

@description('Only by a private endpoint, which needs the dearer tier.')
param isPrivate bool

var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: '${name}${uniqueString(resourceGroup().id)}'
  location: location
  sku: {
    name: isPrivate ? 'Premium' : 'Basic'
  }
  properties: {
    adminUserEnabled: false
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource pulls 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, 'kubelet', acrPull)
  properties: {
    principalId: kubelet
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', acrPull)
  }
}

output id string = registry.id
output server string = registry.properties.loginServer
