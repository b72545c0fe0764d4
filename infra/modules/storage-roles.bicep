// Who may read and write what in the container, by paths (docs/howto/distributed.md, "Blobs"), and who may drop.
import { dropper } from 'types.bicep'

param account string
param container string
param queue string
param orchestrator string
param ingest string
param trainer string
param segmenter string
param droppers dropper[]

var blobReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
var blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var queueProcessor = '8a0f0c08-91a1-4084-bc3d-661d67233fed'
var queueSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'

var readsOf = {
  orchestrator: ['datasets/', 'withdrawals/']
  ingest: []
  trainer: ['datasets/', 'models/', 'withdrawals/']
  segmentation: ['models/']
}

var writesOf = {
  orchestrator: ['models/', 'runs/', 'cycles/', 'incoming/', 'imports/', 'segmentations/', 'scrubs/']
  ingest: ['incoming/', 'datasets/', 'withdrawals/', '.store/']
  trainer: ['runs/']
  segmentation: ['segmentations/']
}

var principals = {
  orchestrator: orchestrator
  ingest: ingest
  trainer: trainer
  segmentation: segmenter
}

var blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'

func below(path string) string =>
  '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringLike \'${path}*\''

// Names may be listed by all; contents are read, and blobs changed, only below the prefixes.
func within(paths string[]) string =>
  join(map(paths, path => below(path)), ' OR ')

var readers = filter(items(readsOf), pair => !empty(pair.value))

resource store 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: account

  resource blobServices 'blobServices' existing = {
    name: 'default'

    resource all 'containers' existing = {
      name: container
    }
  }

  resource queueServices 'queueServices' existing = {
    name: 'default'

    resource events 'queues' existing = {
      name: queue
    }

    resource poison 'queues' existing = {
      name: '${queue}-poison'
    }
  }
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for pair in readers: {
    scope: store::blobServices::all
    name: guid(store::blobServices::all.id, pair.key, blobReader)
    properties: {
      principalId: principals[pair.key]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobReader)
      conditionVersion: '2.0'
      condition: '(!(ActionMatches{\'${blobs}/read\'} AND NOT SubOperationMatches{\'Blob.List\'})) OR (${within(pair.value)})'
    }
  }
]

resource writes 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for pair in items(writesOf): {
    scope: store::blobServices::all
    name: guid(store::blobServices::all.id, pair.key, blobContributor)
    properties: {
      principalId: principals[pair.key]
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
      conditionVersion: '2.0'
      condition: '(!(ActionMatches{\'${blobs}/read\'} AND NOT SubOperationMatches{\'Blob.List\'}) AND !(ActionMatches{\'${blobs}/write\'}) AND !(ActionMatches{\'${blobs}/add/action\'}) AND !(ActionMatches{\'${blobs}/delete\'}) AND !(ActionMatches{\'${blobs}/move/action\'})) OR (${within(pair.value)})'
    }
  }
]

resource hearsOfDrops 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: store::queueServices::events
  name: guid(store::queueServices::events.id, 'ingest', queueProcessor)
  properties: {
    principalId: ingest
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueProcessor)
  }
}

resource putsAside 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: store::queueServices::poison
  name: guid(store::queueServices::poison.id, 'ingest', queueSender)
  properties: {
    principalId: ingest
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueSender)
  }
}

// To create a blob that is not there is "add"; to change or overwrite one would be "write", and to look at one "read".
resource mayDrop 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'versemi-dropper')
  properties: {
    roleName: 'VerSemi dropper (${resourceGroup().name})'
    description: 'Creates blobs, and can neither read, nor overwrite, nor delete, nor list any.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: ['${blobs}/add/action']
        notDataActions: []
      }
    ]
  }
}

resource drops 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for who in droppers: {
    scope: store::blobServices::all
    name: guid(store::blobServices::all.id, who.principalId, 'dropper')
    properties: {
      principalId: who.principalId
      principalType: who.principalType
      roleDefinitionId: mayDrop.id
      conditionVersion: '2.0'
      condition: '(!(ActionMatches{\'${blobs}/add/action\'})) OR (${below('incoming/${who.prefix}')})'
    }
  }
]
