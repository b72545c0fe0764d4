using VerSemi.Domain;
using VerSemi.Domain.Messages;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>A withdrawal cut off at each of its writes and deletions in turn, then done again, ends as if nothing had happened.</summary>
public sealed class WithdrawalCutOffTests
{
    /// <summary>
    /// Open record, tombstone, manifest, head; record, tombstone, report.md, problem gone, report.json, two files gone;
    /// record, two voxel files gone; closed record, open one gone.
    /// </summary>
    private const int Writes = 18;

    public static TheoryData<int> EachWrite => [.. Enumerable.Range(1, Writes)];

    private static WithdrawCases Request { get; } = new("w1", new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero), "toy", "c01", null);

    [Fact]
    public async Task A_withdrawal_takes_as_many_writes_as_are_cut_off_here()
    {
        using var rig = await DroppedAsync();
        var counting = new CutOffStore(rig.Store, int.MaxValue);
        using var again = new IngestRig(_ => counting, data: rig.Data);
        await again.WithdrawAsync(Request);
        Assert.Equal(Writes, counting.Writes);
    }

    [Theory]
    [MemberData(nameof(EachWrite))]
    public async Task Done_again_it_comes_to_the_same_end(int write)
    {
        using var straight = await DroppedAsync();
        await straight.WithdrawAsync(Request);

        using var dropped = await DroppedAsync();
        var image = VoxelSearch.VoxelsOf(Path.Combine(dropped.DropPath("d"), "imagesTr/c01.nii.gz"));
        var label = VoxelSearch.VoxelsOf(Path.Combine(dropped.DropPath("d"), "labelsTr/c01.nii.gz"));
        using (var cut = new IngestRig(inner => new CutOffStore(inner, write), data: dropped.Data))
        {
            await cut.WithdrawAsync(Request);
            Assert.DoesNotContain(cut.Bus.Sent, sent => sent.Message is CasesWithdrawn);
        }
        using var again = new IngestRig(data: dropped.Data);
        // Nobody asks again: what is open is gone on with, and before it was opened nothing had been done.
        await again.ResumeAsync();
        if (write == 1)
            await again.WithdrawAsync(Request);

        Assert.Contains(again.Bus.Sent, sent => sent.Message is CasesWithdrawn);
        Assert.Empty(VoxelSearch.Holders(image, again.Data));
        Assert.Empty(VoxelSearch.Holders(label, again.Data));
        Assert.Equal(Settled(straight), Settled(again));
        again.Bus.Sent.Clear();
        await again.IngestAsync("d");
        Assert.Empty(again.Bus.Sent); // the drop is done with
    }

    private static async Task<IngestRig> DroppedAsync()
    {
        var rig = new IngestRig();
        DropFolder.Msd(rig.DropPath("d"));
        await rig.IngestAsync("d");
        return rig;
    }

    /// <summary>Every blob by its content; reports and commits hold the fingerprint, which the times of the drop's files are part of.</summary>
    private static List<string> Settled(IngestRig rig) =>
        [.. Directory.EnumerateFiles(rig.Data, "*", SearchOption.AllDirectories).Select(file => (Path: Path.GetRelativePath(rig.Data, file), File: file))
            .Where(one => !one.Path.StartsWith(".store", StringComparison.Ordinal))
            .Select(one => one.Path.EndsWith("report.json", StringComparison.Ordinal) || one.Path.Contains("/commits/", StringComparison.Ordinal) ? one.Path : $"{one.Path} {ContentHash.Of(File.ReadAllBytes(one.File))}")
            .Order(StringComparer.Ordinal)];

    /// <summary>The n-th write or deletion and all that follow fail, as those of a killed process.</summary>
    private sealed class CutOffStore(IBlobStore inner, int firstFailure) : IBlobStore
    {
        private int _writes;

        public int Writes => _writes;

        private IBlobStore Count() => Interlocked.Increment(ref _writes) >= firstFailure ? throw new IOException("killed") : inner;

        public Task<BlobEntry> WriteAsync(string path, Stream content, WriteCondition condition = default, CancellationToken cancellation = default) => Count().WriteAsync(path, content, condition, cancellation);
        public Task<BlobEntry> CopyAsync(string from, string to, CancellationToken cancellation = default) => Count().CopyAsync(from, to, cancellation);
        public Task DeleteAsync(string path, CancellationToken cancellation = default) => Count().DeleteAsync(path, cancellation);
        public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);
        public Task<IReadOnlyList<string>> ListFoldersAsync(string prefix, CancellationToken cancellation = default) => inner.ListFoldersAsync(prefix, cancellation);
        public Task<BlobEntry?> FindAsync(string path, CancellationToken cancellation = default) => inner.FindAsync(path, cancellation);
        public Task<Stream> OpenReadAsync(string path, CancellationToken cancellation = default) => inner.OpenReadAsync(path, cancellation);
        public Task<string> LocalCopyAsync(string path, CancellationToken cancellation = default) => inner.LocalCopyAsync(path, cancellation);
        public Task<IBlobLease?> TryLeaseAsync(string name, CancellationToken cancellation = default) => inner.TryLeaseAsync(name, cancellation);
    }
}
