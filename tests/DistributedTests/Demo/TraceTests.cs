using VerSemi.DistributedKit;
using VerSemi.DistributedKit.Tracing;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.DistributedTests.Demo;

/// <summary>From the drop's ingest to the promotion: one trace through three services and their queues, one tree.</summary>
public sealed class TraceTests(DemoFixture fixture)
{
    /// <summary>Spans are exported every 5 s.</summary>
    private static readonly TimeSpan TimeToExport = TimeSpan.FromSeconds(60);

    private static readonly string[] Steps = ["ingest drop", "start cycle", "ExpandCycle", "Train attempt", "Evaluate attempt", "JudgeCycle", "PromoteCycle"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_cycle_is_one_trace_through_all_services(int number)
    {
        var demo = await fixture.DemoAsync();
        var (cycle, trace) = await TraceOfAsync(demo, number);
        var dataset = cycle.Datasets.Select(name => name.Split('/')[0]).ToList();
        var heads = await Task.WhenAll(dataset.Select(name => demo.HeadAsync(name, TestContext.Current.CancellationToken)));
        Assert.Contains(TraceIdOf(cycle.TraceParent), heads.Select(head => TraceIdOf(head.TraceParent)));
        Assert.Equal(["versemi-ingest", "versemi-orchestrator", "versemi-trainer"], trace.Select(span => span.Service).Distinct().Order());
        foreach (var step in Steps)
            Assert.Contains(trace, span => span.Name == step);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Its_spans_are_one_tree_that_grows_from_the_ingest(int number)
    {
        var (_, trace) = await TraceOfAsync(await fixture.DemoAsync(), number);
        Assert.Empty(Orphans(trace));
        Assert.Equal("ingest drop", Assert.Single(trace, span => span.IsRoot).Name);
    }

    [Fact]
    public async Task The_attempt_that_takes_over_from_a_killed_one_joins_the_trace()
    {
        var (_, trace) = await TraceOfAsync(await fixture.DemoAsync(), 1);
        Assert.Equal("2", Assert.Single(trace, span => span.Name == "Train attempt").Tags["versemi.attempt"]);
    }

    private static async Task<(CycleView Cycle, IReadOnlyList<Span> Trace)> TraceOfAsync(DistributedDemo demo, int number)
    {
        var cycle = demo.Cycles[number - 1];
        var id = TraceIdOf(cycle.TraceParent) ?? throw new InvalidOperationException($"Cycle {cycle.Id} has no trace.");
        try
        {
            await Eventually.TrueAsync("all spans are there", TimeToExport, () => Task.FromResult(IsWhole(demo.Traces.Of(id))), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            foreach (var span in demo.Traces.Of(id))
                TestContext.Current.TestOutputHelper!.WriteLine(span.ToString());
        }
        return (cycle, demo.Traces.Of(id));
    }

    private static bool IsWhole(IReadOnlyList<Span> trace) => Orphans(trace).Count == 0 && Steps.All(step => trace.Any(span => span.Name == step));

    private static List<Span> Orphans(IReadOnlyList<Span> trace)
    {
        var ids = trace.Select(span => span.Id).ToHashSet();
        return [.. trace.Where(span => !span.IsRoot && !ids.Contains(span.Parent))];
    }

    private static string? TraceIdOf(string? traceParent) => traceParent?.Split('-')[1];
}
