import { databaseSize } from 'types.bicep'

param name string
param location string

@description('Delegated to PostgreSQL: the server has no public address.')
param subnet string
param privateDnsZone string
param size databaseSize

@secure()
param password string

var user = 'versemi'
var databaseName = 'versemi'

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${name}-${uniqueString(resourceGroup().id)}'
  location: location
  sku: {
    name: size.sku
    tier: size.tier
  }
  properties: {
    version: '16'
    administratorLogin: user
    administratorLoginPassword: password
    storage: {
      storageSizeGB: 64
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: size.backupDays
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: size.standby ? 'ZoneRedundant' : 'Disabled'
    }
    network: {
      delegatedSubnetResourceId: subnet
      privateDnsZoneArmResourceId: privateDnsZone
    }
  }

  resource database 'databases' = {
    name: databaseName
    properties: {
      charset: 'UTF8'
      collation: 'en_US.utf8'
    }
  }
}

output host string = server.properties.fullyQualifiedDomainName
output database string = server::database.name
output user string = user
