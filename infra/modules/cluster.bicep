import { poolSizes } from 'types.bicep'

param name string
param location string
param networkName string
param nodeSubnetName string
param podCidr string
param pools poolSizes
param administrators string

@description('Where the metrics agent sends what it scrapes.')
param metricsRule string

var networkContributor = '4d97b98b-1d4f-4787-a291-c67834d212e7'
var clusterAdmin = 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b'

// The pools that the manifests ask for (k8s/components/gpu): by the label versemi/pool, past the taints.
var gpuTaint = 'nvidia.com/gpu=present:NoSchedule'
var spotTaint = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-cluster'
  location: location
}

resource subnet 'Microsoft.Network/virtualNetworks/subnets@2024-05-01' existing = {
  name: '${networkName}/${nodeSubnetName}'
}

resource joinsSubnet 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: subnet
  name: guid(subnet.id, identity.id, networkContributor)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', networkContributor)
  }
}

resource cluster 'Microsoft.ContainerService/managedClusters@2025-02-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  sku: {
    name: 'Base'
    tier: 'Standard'
  }
  properties: {
    dnsPrefix: name
    enableRBAC: true
    disableLocalAccounts: true
    aadProfile: {
      managed: true
      enableAzureRBAC: true
    }
    oidcIssuerProfile: {
      enabled: true
    }
    securityProfile: {
      workloadIdentity: {
        enabled: true
      }
    }
    workloadAutoScalerProfile: {
      keda: {
        enabled: true
      }
    }
    ingressProfile: {
      webAppRouting: {
        enabled: true
      }
    }
    addonProfiles: {
      // Application routing takes the site's certificate from the vault through it.
      azureKeyvaultSecretsProvider: {
        enabled: true
        config: {
          enableSecretRotation: 'true'
        }
      }
    }
    azureMonitorProfile: {
      metrics: {
        enabled: true
      }
    }
    networkProfile: {
      networkPlugin: 'azure'
      networkPluginMode: 'overlay'
      networkDataplane: 'cilium'
      networkPolicy: 'cilium'
      podCidr: podCidr
      serviceCidr: '10.96.0.0/16'
      dnsServiceIP: '10.96.0.10'
    }
    autoUpgradeProfile: {
      upgradeChannel: 'patch'
      nodeOSUpgradeChannel: 'NodeImage'
    }
    agentPoolProfiles: [
      {
        name: 'system'
        mode: 'System'
        vmSize: pools.?systemVm ?? 'Standard_D2ds_v5'
        osSKU: 'AzureLinux'
        count: 1
        enableAutoScaling: true
        minCount: 1
        maxCount: 3
        availabilityZones: pools.?zones
        vnetSubnetID: subnet.id
        nodeTaints: ['CriticalAddonsOnly=true:NoSchedule']
      }
    ]
  }
  dependsOn: [joinsSubnet]

  resource cpu 'agentPools' = {
    name: 'cpu'
    properties: {
      mode: 'User'
      vmSize: pools.?cpuVm ?? 'Standard_D8ds_v5'
      osSKU: 'AzureLinux'
      count: pools.?cpuLeast ?? 1
      enableAutoScaling: true
      minCount: pools.?cpuLeast ?? 1
      maxCount: pools.?cpuMost ?? 5
      availabilityZones: pools.?zones
      vnetSubnetID: subnet.id
      nodeLabels: {
        'versemi/pool': 'cpu'
      }
    }
  }

  resource gpuSpot 'agentPools' = {
    name: 'gpuspot'
    properties: {
      mode: 'User'
      vmSize: pools.?gpuVm ?? 'Standard_NC4as_T4_v3'
      osSKU: 'Ubuntu'
      scaleSetPriority: 'Spot'
      scaleSetEvictionPolicy: 'Delete'
      // At most the price of a machine that stays.
      spotMaxPrice: -1
      count: 0
      enableAutoScaling: true
      minCount: 0
      maxCount: pools.?gpuSpotMost ?? 4
      vnetSubnetID: subnet.id
      nodeLabels: {
        'versemi/pool': 'gpu-spot'
      }
      nodeTaints: [gpuTaint, spotTaint]
    }
    // One pool at a time: the cluster refuses two changes at once.
    dependsOn: [cpu]
  }

  resource gpuOnDemand 'agentPools' = {
    name: 'gpu'
    properties: {
      mode: 'User'
      vmSize: pools.?gpuVm ?? 'Standard_NC4as_T4_v3'
      osSKU: 'Ubuntu'
      count: 0
      enableAutoScaling: true
      minCount: 0
      maxCount: pools.?gpuOnDemandMost ?? 1
      vnetSubnetID: subnet.id
      nodeLabels: {
        'versemi/pool': 'gpu-on-demand'
      }
      nodeTaints: [gpuTaint]
    }
    dependsOn: [gpuSpot]
  }
}

resource administrate 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: cluster
  name: guid(cluster.id, administrators, clusterAdmin)
  properties: {
    principalId: administrators
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', clusterAdmin)
  }
}

resource scrapes 'Microsoft.Insights/dataCollectionRuleAssociations@2023-03-11' = {
  scope: cluster
  name: 'metrics'
  properties: {
    dataCollectionRuleId: metricsRule
  }
}

output name string = cluster.name
output oidcIssuer string = cluster.properties.oidcIssuerProfile.issuerURL
output kubelet string = cluster.properties.identityProfile.kubeletidentity.objectId
output ingressController string = cluster.properties.ingressProfile.webAppRouting.identity.objectId
