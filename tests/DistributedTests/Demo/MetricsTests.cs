using System.Net.Http.Json;
using System.Text.RegularExpressions;
using VerSemi.DistributedKit;
using VerSemi.DistributedKit.Tracing;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Segmentations;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.DistributedTests.Demo;

/// <summary>A real Prometheus scraped the services while the demo ran: what the dashboards, the alerts and docs/howto/observe.md name is there.</summary>
public sealed partial class MetricsTests(DemoFixture fixture)
{
    /// <summary>This machine may have none.</summary>
    private const string NeedsGpu = "versemi_gpu_";

    [Fact]
    public async Task Every_metric_and_label_of_a_dashboard_is_there_after_the_demo()
    {
        var prometheus = await PrometheusAsync();
        var expressions = Monitoring.Dashboards();
        Assert.True(expressions.Count > 50, $"{expressions.Count} expressions");
        foreach (var expression in expressions)
            await HoldsAsync(prometheus, expression);
    }

    [Fact]
    public async Task Every_metric_and_label_of_an_alert_is_there_after_the_demo()
    {
        var prometheus = await PrometheusAsync();
        var expressions = Alerts();
        Assert.True(expressions.Count >= 9, $"{expressions.Count} alerts");
        foreach (var expression in expressions)
            await HoldsAsync(prometheus, expression);
    }

    [Fact]
    public async Task The_list_of_metrics_in_the_docs_is_what_the_services_expose()
    {
        var prometheus = await PrometheusAsync();
        var found = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var labels in await prometheus.SeriesAsync("{__name__=~\"versemi_.+\"}", TestContext.Current.CancellationToken))
        {
            // When a counter began: Prometheus' format has it beside each.
            if (labels["__name__"].EndsWith("_created", StringComparison.Ordinal))
                continue;
            var name = HistogramPart().Replace(labels["__name__"], "_seconds");
            if (!found.TryGetValue(name, out var known))
                found[name] = known = new(StringComparer.Ordinal);
            known.UnionWith(labels.Keys.Except(["__name__", "job", "instance", "le", "otel_scope_name", "otel_scope_version"]));
        }
        var documented = Documented();
        var exposed = found.Select(metric => $"{metric.Key}: {string.Join(", ", metric.Value)}");
        Assert.Equal(documented.Where(metric => !metric.StartsWith(NeedsGpu, StringComparison.Ordinal)), exposed.Where(metric => !metric.StartsWith(NeedsGpu, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_figures_are_those_of_the_demo()
    {
        var (demo, prometheus, cancellation) = (await fixture.DemoAsync(), await PrometheusAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(2, await ValueAsync("sum(versemi_promotions_total{kind=\"promotion\"})"));
        Assert.Equal(2, await ValueAsync("max(versemi_cycles{state=\"Completed\"})"));
        Assert.Equal(2, await ValueAsync("sum(versemi_verdicts_total{verdict=\"Promote\"})"));
        Assert.Equal(4, await ValueAsync("sum(versemi_drops_total{outcome=\"Committed\"})"));
        Assert.Equal(1, await ValueAsync("sum(versemi_leases_lost_total{work=\"Train\"})"));
        Assert.Equal(demo.Models[1].Model.Version, await ValueAsync("max(versemi_production_version)"));
        var report = demo.Models[1].Evaluation!;
        foreach (var task in report.Tasks)
            Assert.Equal(report.MeanDice(task), await ValueAsync($"max(versemi_production_dice{{task=\"{task}\"}})"), 6);
        // Of a training that is over nothing is told any more; while it ran, it was.
        Assert.Empty(await prometheus.QueryAsync("versemi_training_progress", cancellation));
        Assert.Equal(2, (await prometheus.QueryAsync("count by (run) (last_over_time(versemi_training_loss[2h]))", cancellation)).Count);

        async Task<double> ValueAsync(string expression)
        {
            var series = await prometheus.QueryAsync(expression, cancellation);
            return Assert.Single(series).Value;
        }
    }

    [Fact]
    public async Task What_a_trainer_logs_of_a_run_carries_the_runs_trace()
    {
        var demo = await fixture.DemoAsync();
        var trace = demo.Cycles[1].TraceParent!.Split('-')[1];
        var lines = demo.Trainer.Log.Split('\n').Where(line => line.Contains($"\"Run\":\"{demo.Cycles[1].Run}\"", StringComparison.Ordinal)).ToList();
        Assert.Contains(lines, line => line.Contains("Train begins", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Contains($"\"TraceId\":\"{trace}\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_lives_for_a_moment_sends_its_metrics_and_logs_when_it_stops()
    {
        var (demo, cancellation) = (await fixture.DemoAsync(), TestContext.Current.CancellationToken);
        await using var receiver = await TraceReceiver.StartAsync(cancellation);
        await using var trainer = demo.System.Start("GpuTrainer", ["--one-shot"], new Dictionary<string, string> { ["Telemetry:OtlpEndpoint"] = receiver.Url, ["Trainer:OneShotWait"] = "00:00:01" });
        Assert.True(await trainer.WaitAsync(cancellation) == 0, trainer.Log);
        Assert.Contains("versemi.trainer.steps", receiver.Metrics);
        Assert.Contains("versemi.disk.free", receiver.Metrics);
        Assert.Contains(receiver.Logs, text => text.StartsWith("No run was granted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_are_on_the_management_address_alone()
    {
        var (demo, cancellation) = (await fixture.DemoAsync(), TestContext.Current.CancellationToken);
        Assert.True(await demo.Orchestrator.ProbeAsync("/metrics", cancellation));
        using var answer = await demo.Orchestrator.Http.GetAsync("/metrics", cancellation);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task HoldsAsync(PrometheusServer prometheus, MetricExpression expression)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await prometheus.QueryAsync(expression.Text, cancellation);
        Assert.NotEmpty(expression.Metrics);
        var labels = new HashSet<string>();
        foreach (var metric in expression.Metrics.Where(metric => !metric.StartsWith(NeedsGpu, StringComparison.Ordinal)))
        {
            var series = await prometheus.SeriesAsync(metric, cancellation);
            Assert.True(series.Count > 0, $"{expression.Where}: no service exposes {metric}");
            labels.UnionWith(series.SelectMany(one => one.Keys));
        }
        if (labels.Count > 0)
            Assert.True(expression.Labels.All(labels.Contains), $"{expression.Where}: {string.Join(", ", expression.Labels.Except(labels))} is no label of {string.Join(", ", expression.Metrics)}");
    }

    private static IReadOnlyList<MetricExpression> Alerts() =>
        [.. AlertExpression().Matches(Monitoring.Rules()).Select(match => new MetricExpression(match.Groups[1].Value, match.Groups[2].Value, []))];

    private static IEnumerable<string> Documented() => Row().Matches(File.ReadAllText(Repository.PathOf("docs", "howto", "observe.md")))
        .Select(match => $"{match.Groups[1].Value}: {string.Join(", ", match.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))}")
        .Order(StringComparer.Ordinal);

    /// <summary>With all that the demo itself does not do: the store is verified and one image is segmented.</summary>
    private async Task<PrometheusServer> PrometheusAsync()
    {
        // Says what is missing, or skips.
        TestServers.RequireProgram("prometheus");
        var demo = await fixture.DemoAsync();
        var prometheus = demo.Prometheus!;
        await Segmented.GetOrAdd(demo, SegmentAsync);
        return prometheus;
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<DistributedDemo, Task> Segmented = new();

    private static async Task SegmentAsync(DistributedDemo demo)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var scrub = await demo.Orchestrator.Http.PostAsJsonAsync(Routes.Scrub, new StartScrub(), DomainJson.Canonical, cancellation);
        Assert.True(scrub.IsSuccessStatusCode, await scrub.Content.ReadAsStringAsync(cancellation));
        var worker = demo.System.Start("GpuTrainer", ["--segmentation"]);
        await worker.ReadyAsync(Eventually.Patience, cancellation);
        demo.Prometheus!.Scrape("Segmentation", worker.Management);
        var blobs = demo.System.OpenBlobs();
        BlobEntry? image = null;
        await foreach (var blob in blobs.ListAsync(BlobLayout.Datasets, cancellation))
            if (blob.Path.Contains("/voxels/", StringComparison.Ordinal) && (image is null || blob.Bytes > image.Bytes))
                image = blob;
        await using var voxels = await blobs.OpenReadAsync(image!.Path, cancellation);
        using var sent = await demo.Orchestrator.Http.PostAsync(Routes.Segmentations + "?modality=CT", new StreamContent(voxels), cancellation);
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(cancellation));
        await Eventually.TrueAsync("the image is segmented", Eventually.Patience, async () =>
            (await demo.Orchestrator.GetAsync<List<SegmentationView>>(Routes.Segmentations, cancellation)).All(view => SegmentationStates.IsFinal(view.State)), cancellation);
        await Eventually.TrueAsync("the store is verified", Eventually.Patience, async () =>
            (await demo.Orchestrator.GetAsync<ScrubView>(Routes.Scrub, cancellation)).Last is not null, cancellation);
        await Eventually.TrueAsync("both were scraped since", Eventually.Patience, async () =>
            (await demo.Prometheus.SeriesAsync("versemi_scrub_age_seconds", cancellation)).Count > 0
            && (await demo.Prometheus.SeriesAsync("versemi_segmentation_duration_seconds_count", cancellation)).Count > 0
            && (await demo.Prometheus.QueryAsync("sum(versemi_promotions_total{kind=\"promotion\"}) == 2 and max(versemi_cycles{state=\"Completed\"}) == 2", cancellation)).Count > 0, cancellation);
    }

    [GeneratedRegex(@"- alert: (\S+)\n(?:\s+#.*\n)*\s+expr: (?:\|\n)?((?:.*\n)+?)\s+for:")]
    private static partial Regex AlertExpression();

    [GeneratedRegex(@"^\| `(versemi_\w+)` \| ([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("_seconds_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}
