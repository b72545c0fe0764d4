// Blobs, and the queue that Event Grid rings on when something is dropped.
param name string
param location string
param accountName string
param containerName string
param queueName string
param deletedKeptDays int
param writeOnceDays int
param isPrivate bool
param allowedNetworks string[]

var queueMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: accountName
  location: location
  kind: 'StorageV2'
  sku: {
    name: 'Standard_ZRS'
  }
  properties: {
    accessTier: 'Hot'
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
    // Identities only: a key would open everything to whoever has it.
    allowSharedKeyAccess: false
    publicNetworkAccess: isPrivate && empty(allowedNetworks) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
      ipRules: [for range in (isPrivate ? allowedNetworks : []): { value: range, action: 'Allow' }]
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      isVersioningEnabled: true
      deleteRetentionPolicy: {
        enabled: true
        days: deletedKeptDays
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: deletedKeptDays
      }
    }

    resource container 'containers' = {
      name: containerName
      properties: {
        publicAccess: 'None'
        immutableStorageWithVersioning: {
          enabled: writeOnceDays > 0
        }
      }

      resource writeOnce 'immutabilityPolicies' = if (writeOnceDays > 0) {
        name: 'default'
        properties: {
          immutabilityPeriodSinceCreationInDays: max(writeOnceDays, 1)
          allowProtectedAppendWrites: true
        }
      }
    }
  }

  resource queues 'queueServices' = {
    name: 'default'

    resource events 'queues' = {
      name: queueName
    }

    // What Ingest could not read.
    resource poison 'queues' = {
      name: '${queueName}-poison'
    }
  }
}

// What `versemi gc` deletes goes sooner; this bounds what nobody cleared, and ends what soft delete and versions keep.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'incoming'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob', 'appendBlob']
              prefixMatch: ['${containerName}/incoming/']
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 365
                }
              }
            }
          }
        }
        {
          name: 'runs'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${containerName}/runs/']
            }
            actions: {
              baseBlob: {
                tierToCool: {
                  daysAfterModificationGreaterThan: 30
                }
              }
            }
          }
        }
        {
          name: 'old-versions'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob', 'appendBlob']
              prefixMatch: ['${containerName}/']
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: deletedKeptDays
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [account::blobs]
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: '${name}-blobs'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

resource topicRings 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::queues::events
  name: guid(account::queues::events.id, topic.id, queueMessageSender)
  properties: {
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueMessageSender)
  }
}

resource drops 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'drops'
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated', 'Microsoft.Storage.BlobDeleted']
      subjectBeginsWith: '/blobServices/default/containers/${containerName}/blobs/incoming/'
    }
    deliveryWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: account.id
          queueName: queueName
          // The sweep finds everything: an old hint is worth nothing.
          queueMessageTimeToLiveInSeconds: 3600
        }
      }
    }
  }
  dependsOn: [topicRings]
}

output accountId string = account.id
output blobServiceUri string = 'https://${account.name}.blob.${environment().suffixes.storage}'
output queueServiceUri string = 'https://${account.name}.queue.${environment().suffixes.storage}'
