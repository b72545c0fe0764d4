using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VerSemi.DistributedKit.Rights;
using VerSemi.ManifestTests.Agreement;
using VerSemi.ManifestTests.Rendering;
using VerSemi.TestKit;

namespace VerSemi.ManifestTests.Azure;

/// <summary>What the template makes is what the manifests ask for, by the same names.</summary>
public sealed partial class AzureAgreementTests
{
    private static readonly string[] Overlays = ["staging", "production"];

    /// <summary>Outputs that people read, and no manifest does.</summary>
    private static readonly string[] ForPeople = ["clusterName", "grafanaUri"];

    [Fact]
    public async Task The_manifests_inputs_are_exactly_the_templates_outputs()
    {
        var outputs = (await Bicep.TemplateAsync("main")).Texts("outputs").Keys.Order(StringComparer.Ordinal).ToList();
        foreach (var overlay in Overlays)
            Assert.Equal(outputs, KeysOf(await File.ReadAllLinesAsync(EnvironmentFile(overlay), TestContext.Current.CancellationToken)));
        Assert.Equal(outputs, ReadByTheManifests().Concat(ForPeople).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_the_file_every_key_counts_and_no_comment_does() => Assert.Equal(["a", "b"], KeysOf(["a=1", "", "# a=comment", "b=x=y"]));

    [Fact]
    public async Task The_outputs_of_a_deployment_become_the_file_that_an_overlay_reads()
    {
        var outputs = (await Bicep.TemplateAsync("main")).Texts("outputs").Keys.ToDictionary(name => name, name => (JsonNode?)new JsonObject { ["type"] = "String", ["value"] = $"value of {name}" });
        var (code, lines, _) = await ConvertAsync(new JsonObject(outputs).ToJsonString());
        Assert.Equal(0, code);
        Assert.Equal(outputs.Keys.Order(StringComparer.Ordinal).Select(name => $"{name}=value of {name}"), lines);
    }

    [Fact]
    public async Task A_deployment_without_outputs_is_an_error()
    {
        var (code, lines, error) = await ConvertAsync("{}");
        Assert.NotEqual(0, code);
        Assert.Empty(lines);
        Assert.Contains("there are no outputs", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_value_of_Azure_reaches_the_objects()
    {
        foreach (var overlay in Overlays)
        {
            var rendered = string.Concat((await Kustomize.OverlayAsync(overlay)).Select(manifest => manifest.Json.ToJsonString()));
            Assert.DoesNotContain("\"replaced\"", rendered, StringComparison.Ordinal);
            Assert.DoesNotContain("replaced.vault", rendered, StringComparison.Ordinal);
            foreach (var line in (await File.ReadAllLinesAsync(EnvironmentFile(overlay), TestContext.Current.CancellationToken)).Where(line => !ForPeople.Contains(line.Split('=')[0])))
                Assert.Contains(line[(line.IndexOf('=') + 1)..], rendered, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_identity_is_federated_with_a_service_account_that_is_there()
    {
        var accounts = (await Bicep.TemplateAsync("modules/identities")).At("variables.accounts")!.AsArray().Select(account => account!.ToString()).Order();
        foreach (var overlay in Overlays)
            Assert.Equal(accounts, (await Kustomize.OverlayAsync(overlay)).Where(manifest => manifest.Kind == "ServiceAccount").Select(account =>
            {
                Assert.True(Guid.TryParse(account.Json.Texts("metadata.annotations")["azure.workload.identity/client-id"], out _));
                return account.Name;
            }).Order());
    }

    [Fact]
    public async Task Pods_that_need_an_identity_ask_for_it()
    {
        foreach (var overlay in Overlays)
            Assert.All((await Kustomize.OverlayAsync(overlay)).Select(manifest => manifest.Pods).OfType<PodTemplate>(), pods => Assert.Equal("true", pods.Labels["azure.workload.identity/use"]));
    }

    [Fact]
    public async Task A_training_finds_its_pool_and_tolerates_its_taints()
    {
        var template = await Bicep.TemplateAsync("modules/cluster");
        var pools = template.At("resources") is JsonObject named ? named.Select(pair => pair.Value!.AsObject()) : template.Items("resources");
        var byLabel = pools.Where(pool => pool.Texts("properties.nodeLabels").ContainsKey("versemi/pool")).ToDictionary(pool => pool.Texts("properties.nodeLabels")["versemi/pool"]);
        Assert.Equal(["cpu", "gpu-on-demand", "gpu-spot"], byLabel.Keys.Order());
        foreach (var job in (await Kustomize.OverlayAsync("production")).Where(manifest => manifest.Kind == "ScaledJob").Select(manifest => manifest.Pods!))
        {
            var pool = byLabel[job.Spec.Texts("nodeSelector")["versemi/pool"]];
            Assert.Equal(job.Owner.Name.EndsWith("-spot", StringComparison.Ordinal), pool.Text("properties.scaleSetPriority") == "Spot");
            Assert.Equal("0", pool.Text("properties.minCount"));
            foreach (var taint in pool.At("properties.nodeTaints")!.AsArray().Select(taint => template.Text(taint!.ToString().Trim('[', ']').Replace("variables('", "variables.", StringComparison.Ordinal).TrimEnd(')').TrimEnd('\''))!))
                Assert.True(job.Spec.Items("tolerations").Any(toleration => Tolerates(toleration, taint)), $"{job} does not tolerate {taint}");
        }
    }

    /// <summary>The template reads the same file; of its durations it can turn only minutes and hours into Azure's.</summary>
    [Fact]
    public async Task Managed_Prometheus_is_given_every_alert_with_a_severity_and_a_duration_that_it_knows()
    {
        var rules = YamlJson.Read(await File.ReadAllTextAsync(Repository.PathOf("k8s", "components", "monitoring", "alerts.yaml"), TestContext.Current.CancellationToken)).Single()
            .Items("spec.groups").SelectMany(group => group.Items("rules")).ToList();
        var template = await Bicep.TemplateAsync("modules/alerts");
        Assert.All(rules, rule =>
        {
            Assert.Matches("^[0-9]+[mh]$", rule.Text("for"));
            Assert.Contains(rule.Text("labels.severity"), template.Texts("variables.severities").Keys);
            Assert.Contains($"\"alert\": \"{rule.Text("alert")}\"", template.ToJsonString(new() { WriteIndented = true }), StringComparison.Ordinal);
        });
        Assert.True(rules.Count >= 8);
    }

    /// <summary>A node keeps a part of its machine for itself: about half a core, and an eighth of the memory.</summary>
    [Fact]
    public async Task A_training_fits_into_every_machine_that_the_template_offers_for_it()
    {
        var machines = new Dictionary<string, (int Cores, int GiB)> { ["Standard_NC4as_T4_v3"] = (4, 28), ["Standard_NC24ads_A100_v4"] = (24, 220) };
        var offered = Directory.EnumerateFiles(Bicep.Infra, "*.bicep*", SearchOption.AllDirectories).SelectMany(file => GpuMachine().Matches(File.ReadAllText(file))).Select(match => match.Value).Distinct().ToList();
        Assert.Equal(2, offered.Count);
        foreach (var machine in offered.Select(name => machines[name]))
            foreach (var container in (await Kustomize.OverlayAsync("production")).Where(manifest => manifest.Kind == "ScaledJob").SelectMany(manifest => manifest.Pods!.Containers))
            {
                Assert.InRange(double.Parse(container.Text("resources.requests.cpu")!, CultureInfo.InvariantCulture), 1, machine.Cores - 0.5);
                Assert.InRange(Volumes.MiB(container.Text("resources.limits.memory")!), 1024, 7L * 1024 * machine.GiB / 8);
            }
    }

    /// <summary>The rights that the services were tested with, behind a guard that knows them.</summary>
    [Fact]
    public async Task Each_identity_may_read_and_write_what_its_service_was_tested_with()
    {
        var template = await Bicep.TemplateAsync("modules/storage-roles");
        var services = new[] { ("orchestrator", StorageRights.Orchestrator), ("ingest", StorageRights.Ingest), ("trainer", StorageRights.Trainer), ("segmentation", StorageRights.Segmentation) };
        Assert.Equal(StorageRights.All.Count, services.Length);
        foreach (var (service, rights) in services)
        {
            Assert.Equal(rights.Reads.Order(StringComparer.Ordinal), Prefixes(template, "readsOf", service));
            Assert.Equal(rights.Writes.Order(StringComparer.Ordinal), Prefixes(template, "writesOf", service));
        }
    }

    [Fact]
    public async Task Storage_vault_and_registry_have_no_public_address_unless_a_parameter_set_asks_for_one()
    {
        Assert.Equal("true", (await Bicep.TemplateAsync("main")).Text("parameters.privateEndpoints.defaultValue")?.ToLowerInvariant());
        Assert.DoesNotContain("privateEndpoints", await File.ReadAllTextAsync(Path.Combine(Bicep.Infra, "environments", "prod.bicepparam"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [GeneratedRegex("Standard_N[A-Za-z0-9_]+")]
    private static partial Regex GpuMachine();

    private static IEnumerable<string> Prefixes(JsonObject template, string variable, string service) =>
        template.At($"variables.{variable}.{service}")!.AsArray().Select(path => path!.ToString()).Order(StringComparer.Ordinal);

    private static bool Tolerates(JsonObject toleration, string taint)
    {
        var (key, rest) = taint.Split('=') is [var k, var r] ? (k, r) : throw new FormatException(taint);
        return toleration.Text("key") == key && (toleration.Text("operator") == "Exists" || toleration.Text("value") == rest.Split(':')[0]) && toleration.Text("effect") == rest.Split(':')[1];
    }

    private static string EnvironmentFile(string overlay) => Repository.PathOf("k8s", "overlays", overlay, "deployment", "azure.env");

    private static List<string> KeysOf(string[] lines) => [.. lines.Where(line => line.Contains('=') && !line.StartsWith('#')).Select(line => line.Split('=')[0]).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> ReadByTheManifests() => Directory.EnumerateFiles(Repository.PathOf("k8s", "components", "azure", "replacements"))
        .SelectMany(File.ReadAllLines).Select(line => line.Trim()).Where(line => line.StartsWith("fieldPath: data.", StringComparison.Ordinal)).Select(line => line["fieldPath: data.".Length..]).Distinct();

    private static async Task<(int Code, string[] Lines, string Error)> ConvertAsync(string json)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Bicep.Infra, "outputs-to-env")) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(json);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await error);
    }
}
