using System.Diagnostics;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Telemetry;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Several processes on one store, and what becomes of a drop's trace.</summary>
public sealed class SeveralWorkersTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_sweep_and_work_one_store_and_each_drop_is_worked_once()
    {
        using var one = new IngestRig();
        using var two = new IngestRig(data: one.Data);
        foreach (var drop in new[] { "a", "b", "c" })
            File.WriteAllText(DropFolder.Msd(one.DropPath(drop), name: drop)["_READY"], "");
        await Task.WhenAll(one.Sweep.LookAsync(Stop), two.Sweep.LookAsync(Stop));
        var rings = one.Bus.Sent.Concat(two.Bus.Sent).Select(sent => (IngestDrop)sent.Message).ToList();
        Assert.Equal(6, rings.Count);

        await Task.WhenAll(rings.Select((ring, i) => (i % 2 == 0 ? one : two).HandleAsync(ring)));
        var sent = one.Bus.Sent.Concat(two.Bus.Sent).Select(sent => sent.Message).ToList();
        Assert.Equal(["a", "b", "c"], sent.OfType<DatasetCommitted>().Select(message => message.Dataset).Order());
        Assert.Equal(3, sent.OfType<DropIngested>().Count());
        foreach (var drop in new[] { "a", "b", "c" })
            Assert.Equal(1, (await one.HeadAsync(drop))!.Generation);
    }

    [Fact]
    public async Task A_worker_whose_lease_is_lost_stops_and_leaves_the_drop_to_another()
    {
        using var lost = new CancellationTokenSource();
        using var rig = new IngestRig(store => new LosingStore(store, lost));
        DropFolder.Msd(rig.DropPath("d"));
        Assert.Null(await rig.IngestAsync("d"));
        Assert.Empty(rig.Bus.Sent);
        Assert.Empty(rig.Log.Errors);

        using var other = new IngestRig(data: rig.Data);
        Assert.Equal(IngestOutcome.Committed, (await other.IngestAsync("d"))!.Outcome);
    }

    [Fact]
    public async Task The_trace_of_a_drop_begins_where_it_is_worked_and_its_head_carries_it_on()
    {
        var worked = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Telemetry.SourceName or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => worked.Add(activity),
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        using var rig = new IngestRig();
        DropFolder.Msd(rig.DropPath("of-this-test"));
        using (var ring = source.StartActivity("ring"))
            Assert.NotNull(await rig.IngestAsync("of-this-test"));

        var trace = worked.Single(activity => activity.OperationName == "ingest drop" && Equals(activity.GetTagItem("drop"), "of-this-test"));
        Assert.Equal(trace.Id, (await rig.HeadAsync("toy"))!.TraceParent);
        Assert.Null(trace.ParentId);
        Assert.Equal(worked.Single(activity => activity.OperationName == "ring").TraceId, Assert.Single(trace.Links).Context.TraceId);
    }

    /// <summary>Its lease is lost at the first voxel file that is written.</summary>
    private sealed class LosingStore(IBlobStore inner, CancellationTokenSource lost) : IBlobStore
    {
        public async Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) =>
            await inner.TryLeaseAsync(name, cancellation) is { } lease ? new LosingLease(lease, lost.Token) : null;

        public Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default)
        {
            lost.Cancel();
            return inner.WriteAsync(path, content, condition, cancellation);
        }

        public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);
        public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default) => inner.ListFoldersAsync(prefix, cancellation);
        public Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default) => inner.FindAsync(path, cancellation);
        public Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default) => inner.OpenReadAsync(path, cancellation);
        public Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default) => inner.CopyAsync(from, to, cancellation);
        public Task DeleteAsync(string path, CancellationToken cancellation = default) => inner.DeleteAsync(path, cancellation);
        public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default) => inner.LocalCopyAsync(path, cancellation);
    }

    private sealed class LosingLease(IBlobLease inner, CancellationToken lost) : IBlobLease
    {
        public CancellationToken Lost => lost;

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
