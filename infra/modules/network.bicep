param name string
param location string
param networkName string

var databaseRange = '10.20.16.0/28'

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: networkName
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: ['10.20.0.0/16']
    }
    subnets: [
      {
        name: 'nodes'
        properties: {
          addressPrefix: '10.20.0.0/20'
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: databaseRange
          delegations: [
            {
              name: 'postgres'
              properties: {
                serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.20.17.0/24'
        }
      }
    ]
  }

  resource database 'subnets' existing = {
    name: 'database'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource databaseZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: 'cluster'
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
}

output network string = network.id
output databaseSubnet string = network::database.id
output databaseNetwork string = databaseRange
output databaseDnsZone string = databaseZone.id
output endpointSubnet string = network::endpoints.id
