using System.Text.Json.Nodes;
using VerSemi.ManifestTests.Rendering;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>Names by which one object means another: each must be there, and a selector must select somebody.</summary>
internal sealed class References(IReadOnlyList<Manifest> manifests)
{
    private readonly List<PodTemplate> _pods = [.. manifests.Select(manifest => manifest.Pods).OfType<PodTemplate>(), .. manifests.SelectMany(OfOperators)];

    public IEnumerable<string> Faults() => manifests.SelectMany(manifest => FaultsOf(manifest).Concat(manifest.Pods is { } pods ? FaultsOf(pods) : []).Select(fault => $"{manifest}: {fault}"));

    private IEnumerable<string> FaultsOf(Manifest manifest) => manifest.Kind switch
    {
        "Service" => OfService(manifest),
        "PodMonitor" => OfMonitor(manifest),
        "PodDisruptionBudget" => Selected(manifest.Json.At("spec.selector")).Any() ? [] : ["selects no pod"],
        "NetworkPolicy" => OfPolicy(manifest),
        "Ingress" => manifest.Json.Items("spec.rules").SelectMany(rule => rule.Items("http.paths")).SelectMany(path => OfBackend(path)),
        "ScaledObject" => OfScaledObject(manifest).Concat(OfTriggers(manifest)),
        "ScaledJob" => OfTriggers(manifest),
        "TriggerAuthentication" => manifest.Json.Items("spec.secretTargetRef").SelectMany(secret => OfSecret(secret.Text("name")!, secret.Text("key")!))
            .Concat(manifest.Json.Items("spec.configMapTargetRef").SelectMany(map => Has("ConfigMap", map.Text("name")!))),
        "Certificate" => Has("Issuer", manifest.Json.Text("spec.issuerRef.name")!),
        "Issuer" => manifest.Json.Text("spec.ca.secretName") is { } authority ? OfSecret(authority, "tls.key") : [],
        "RabbitmqCluster" => manifest.Json.Text("spec.tls.secretName") is { } tls ? OfSecret(tls, "tls.key") : ["has no TLS"],
        "ExternalSecret" => Has("SecretStore", manifest.Json.Text("spec.secretStoreRef.name")!),
        "SecretStore" => Has("ServiceAccount", manifest.Json.Text("spec.provider.azurekv.serviceAccountRef.name")!),
        "Permission" => Has("User", manifest.Json.Text("spec.userReference.name")!),
        "User" => Has("RabbitmqCluster", manifest.Json.Text("spec.rabbitmqClusterReference.name")!),
        _ => [],
    };

    private IEnumerable<string> FaultsOf(PodTemplate pods)
    {
        if (pods.Spec.Text("serviceAccountName") is { } account)
            foreach (var fault in Has("ServiceAccount", account))
                yield return fault;
        if (pods.Spec.Text("priorityClassName") is { } priority)
            foreach (var fault in Has("PriorityClass", priority))
                yield return fault;
        foreach (var (secret, key) in pods.Spec.Items("volumes").SelectMany(volume => volume.Items("secret.items").Select(item => (volume.Text("secret.secretName")!, item.Text("key")!))))
            foreach (var fault in OfSecret(secret, key))
                yield return fault;
        if (pods.Owner.Json.At("spec.selector") is { } selector && !Matches(selector, pods))
            yield return "its selector does not select its own pods";
        foreach (var container in pods.Containers)
        {
            foreach (var map in container.Items("envFrom").Select(source => source.Text("configMapRef.name")!))
                foreach (var fault in Has("ConfigMap", map))
                    yield return fault;
            foreach (var secret in container.Items("env").Select(variable => variable.At("valueFrom.secretKeyRef")).OfType<JsonObject>())
                foreach (var fault in OfSecret(secret.Text("name")!, secret.Text("key")!))
                    yield return fault;
            foreach (var mount in container.Items("volumeMounts").Select(mount => mount.Text("name")))
                if (!pods.Spec.Items("volumes").Concat(pods.Owner.Json.Items("spec.volumeClaimTemplates")).Any(volume => (volume.Text("name") ?? volume.Text("metadata.name")) == mount))
                    yield return $"there is no volume {mount}";
            foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(probe => container.Text($"{probe}.httpGet.port")).OfType<string>())
                if (!container.Items("ports").Any(port => port.Text("name") == probe))
                    yield return $"a probe asks the port {probe}, which the container has not";
        }
    }

    private IEnumerable<string> OfService(Manifest service)
    {
        var selected = _pods.Where(pods => service.Json.Texts("spec.selector").All(label => pods.Labels.GetValueOrDefault(label.Key) == label.Value)).ToList();
        if (selected.Count == 0)
            return ["selects no pod"];
        return service.Json.Items("spec.ports").Select(port => port.Text("targetPort")!).Where(port => !selected.All(pods => HasPort(pods, port))).Select(port => $"its pods have no port {port}");
    }

    /// <summary>Everything that it selects must have the port.</summary>
    private IEnumerable<string> OfMonitor(Manifest monitor)
    {
        var selected = Selected(monitor.Json.At("spec.selector")).ToList();
        if (selected.Count == 0)
            return ["selects no pod"];
        return monitor.Json.Items("spec.podMetricsEndpoints").Select(endpoint => endpoint.Text("port")!).Where(port => !selected.All(pods => HasPort(pods, port))).Select(port => $"not all of its pods have a port {port}");
    }

    private IEnumerable<string> OfPolicy(Manifest policy)
    {
        var selected = Selected(policy.Json.At("spec.podSelector")).ToList();
        if (selected.Count == 0)
            yield return "selects no pod";
        foreach (var (direction, peers) in new[] { ("ingress", "from"), ("egress", "to") })
            foreach (var rule in policy.Json.Items($"spec.{direction}"))
            {
                var others = rule.Items(peers).Where(peer => peer["podSelector"] is not null && peer["namespaceSelector"] is null).Select(peer => Selected(peer["podSelector"]).ToList()).ToList();
                if (others.Any(found => found.Count == 0))
                    yield return $"{direction} {peers} pods that are not there";
                foreach (var port in rule.Items("ports").Select(port => port.Text("port")!).Where(port => !int.TryParse(port, out _)))
                    if (!(direction == "ingress" ? selected : others.SelectMany(found => found)).Any(pods => HasPort(pods, port)))
                        yield return $"{direction} on the port {port}, which no pod there has";
            }
    }

    private IEnumerable<string> OfBackend(JsonObject path)
    {
        var service = manifests.SingleOrDefault(manifest => manifest.Kind == "Service" && manifest.Name == path.Text("backend.service.name"));
        if (service is null)
            return [$"there is no Service {path.Text("backend.service.name")}"];
        return service.Json.Items("spec.ports").Any(port => port.Text("name") == path.Text("backend.service.port.name")) ? [] : [$"{service} has no port {path.Text("backend.service.port.name")}"];
    }

    private IEnumerable<string> OfScaledObject(Manifest scaled)
    {
        var target = manifests.SingleOrDefault(manifest => manifest.Kind == "Deployment" && manifest.Name == scaled.Json.Text("spec.scaleTargetRef.name"));
        if (target is null)
            yield return $"there is no Deployment {scaled.Json.Text("spec.scaleTargetRef.name")}";
        else if (target.Json.At("spec.replicas") is not null)
            yield return $"{target} has a number of replicas of its own, which each apply would go back to";
    }

    private IEnumerable<string> OfTriggers(Manifest scaled) => scaled.Json.Items("spec.triggers").SelectMany(trigger => Has("TriggerAuthentication", trigger.Text("authenticationRef.name")!));

    /// <summary>Secrets are made by operators: of a broker's user, of a certificate, of a database, of the vault.</summary>
    private IEnumerable<string> OfSecret(string name, string key)
    {
        var keys = manifests.Select(manifest => manifest switch
        {
            { Kind: "User" } when name == $"{manifest.Name}-user-credentials" => ["username", "password"],
            { Kind: "Cluster" } when name == $"{manifest.Name}-app" => ["username", "password", "host", "port", "dbname", "uri"],
            { Kind: "Cluster" } when name == $"{manifest.Name}-ca" => ["ca.crt", "ca.key"],
            { Kind: "Certificate" } when name == manifest.Json.Text("spec.secretName") => ["tls.crt", "tls.key", "ca.crt"],
            { Kind: "ExternalSecret" } when name == manifest.Json.Text("spec.target.name") => manifest.Json.Texts("spec.target.template.data").Keys.ToArray(),
            _ => null,
        }).OfType<string[]>().FirstOrDefault();
        if (keys is null)
            yield return $"nobody makes the Secret {name}";
        else if (!keys.Contains(key))
            yield return $"the Secret {name} has no {key}";
    }

    private IEnumerable<string> Has(string kind, string name) => manifests.Any(manifest => manifest.Kind == kind && manifest.Name == name) ? [] : [$"there is no {kind} {name}"];

    private IEnumerable<PodTemplate> Selected(JsonNode? selector) => _pods.Where(pods => Matches(selector, pods));

    private static bool Matches(JsonNode? selector, PodTemplate pods) =>
        (selector.At("matchLabels") is null && selector.At("matchExpressions") is null && selector is JsonObject { Count: > 0 } plain ? plain.Texts("nothing") : selector.Texts("matchLabels"))
            .All(label => pods.Labels.GetValueOrDefault(label.Key) == label.Value)
        && selector.Items("matchExpressions").All(expression => expression.Text("operator") == "In"
            && expression["values"]!.AsArray().Any(value => value!.ToString() == pods.Labels.GetValueOrDefault(expression.Text("key")!)));

    private static bool HasPort(PodTemplate pods, string port) => pods.Ports.Any(one => one.Text("name") == port || one.Text("containerPort") == port);

    /// <summary>The pods that an operator makes of what it is asked for, by the labels that it documents.</summary>
    private static IEnumerable<PodTemplate> OfOperators(Manifest manifest)
    {
        var label = manifest.Kind switch { "RabbitmqCluster" => "app.kubernetes.io/name", "Cluster" => "cnpg.io/cluster", _ => null };
        return label is null ? [] : [new PodTemplate(manifest, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = manifest.Name } }, ["spec"] = new JsonObject() })];
    }
}
