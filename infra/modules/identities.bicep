// An Azure identity for each service account of k8s/, which its pods become without any secret.
import { identity } from 'types.bicep'

param name string
param location string

@description('Of the cluster: who says that a token is of a service account.')
param oidcIssuer string

// By the name of the service account in the namespace versemi.
var accounts = ['orchestrator', 'ingest', 'gpu-trainer', 'segmenter', 'external-secrets']

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = [
  for account in accounts: {
    name: '${name}-${account}'
    location: location
  }
]

resource federations 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = [
  for (account, i) in accounts: {
    parent: identities[i]
    name: 'cluster'
    properties: {
      issuer: oidcIssuer
      subject: 'system:serviceaccount:versemi:${account}'
      audiences: ['api://AzureADTokenExchange']
    }
  }
]

output orchestrator identity = { clientId: identities[0].properties.clientId, principalId: identities[0].properties.principalId }
output ingest identity = { clientId: identities[1].properties.clientId, principalId: identities[1].properties.principalId }
output trainer identity = { clientId: identities[2].properties.clientId, principalId: identities[2].properties.principalId }
output segmenter identity = { clientId: identities[3].properties.clientId, principalId: identities[3].properties.principalId }
output secrets identity = { clientId: identities[4].properties.clientId, principalId: identities[4].properties.principalId }
