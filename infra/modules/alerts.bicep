// The alerts of k8s/components/monitoring, as managed Prometheus has them: the same file, so that there is one list.
param name string
param location string

@description('The Azure Monitor workspace whose metrics are looked at.')
param workspace string
param clusterName string

@description('Action groups that are told. None: alerts are only shown.')
param actionGroups string[]

var groups = loadYamlContent('../../k8s/components/monitoring/alerts.yaml', 'spec.groups')

// 0 is the worst, 4 the least.
var severities = {
  critical: 1
  warning: 2
}

// What each is, is the caller's word.
#disable-next-line use-resource-id-functions
var actions = [for group in actionGroups: { actionGroupId: group }]

resource rules 'Microsoft.AlertsManagement/prometheusRuleGroups@2023-03-01' = [
  for group in groups: {
    name: '${name}-${group.name}'
    location: location
    properties: {
      enabled: true
      clusterName: clusterName
      scopes: [workspace]
      interval: 'PT1M'
      rules: [
        for rule in group.rules: {
          enabled: true
          alert: rule.alert
          expression: rule.expr
          // "10m" is PT10M there.
          for: 'PT${toUpper(rule.for)}'
          labels: rule.labels
          annotations: rule.annotations
          severity: severities[rule.labels.severity]
          actions: actions
          resolveConfiguration: {
            autoResolved: true
            timeToResolve: 'PT10M'
          }
        }
      ]
    }
  }
]
