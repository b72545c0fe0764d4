import { endpointTarget } from 'types.bicep'

param name string
param location string
param network string
param subnet string
param targets endpointTarget[]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for target in targets: {
    name: target.zone
    location: 'global'
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (target, i) in targets: {
    parent: zones[i]
    name: 'cluster'
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network
      }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for target in targets: {
    name: '${name}-${target.name}'
    location: location
    properties: {
      subnet: {
        id: subnet
      }
      privateLinkServiceConnections: [
        {
          name: target.name
          properties: {
            // It is one: of whichever resource the endpoint is for.
            #disable-next-line use-resource-id-functions
            privateLinkServiceId: target.id
            groupIds: [target.group]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (target, i) in targets: {
    parent: endpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.name
          properties: {
            privateDnsZoneId: zones[i].id
          }
        }
      ]
    }
  }
]
