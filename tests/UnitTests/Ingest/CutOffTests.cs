using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Ingest cut off at each of its writes in turn, then begun again, ends as if nothing had happened.</summary>
public sealed class CutOffTests
{
    /// <summary>Of the drop below: 3 images with their pictures, 2 labels (one unlabelled case), manifest, commit, head, report.md, report.json.</summary>
    private const int Writes = 13;

    public static TheoryData<int> EachWrite => [.. Enumerable.Range(1, Writes)];

    [Fact]
    public async Task A_drop_takes_as_many_writes_as_are_cut_off_here()
    {
        FailingStore? store = null;
        using var rig = new IngestRig(inner => store = new FailingStore(inner, int.MaxValue, () => new IOException()));
        DropFolder.Msd(rig.DropPath("d"), labelled: 2);
        await rig.IngestAsync("d");
        Assert.Equal(Writes, store!.Writes);
    }

    [Theory]
    [MemberData(nameof(EachWrite))]
    public async Task Done_again_it_comes_to_the_same_end(int write)
    {
        using var straight = new IngestRig();
        DropFolder.Msd(straight.DropPath("d"), labelled: 2);
        await straight.IngestAsync("d");

        using var folder = new TempFolder();
        using (var cut = new IngestRig(inner => new FailingStore(inner, write, () => new IOException("No space left on device")), data: folder["data"]))
        {
            DropFolder.Msd(cut.DropPath("d"), labelled: 2);
            Assert.Null(await cut.IngestAsync("d"));
            Assert.Contains(cut.Log.Errors, error => error.Contains("No space left on device", StringComparison.Ordinal));
            Assert.DoesNotContain(cut.Bus.Sent, sent => sent.Message is DropIngested);
            if (await cut.HeadAsync("toy") is not null)
                await cut.AssertNothingHalfWrittenAsync("toy"); // all there before the head points to it
        }
        using var again = new IngestRig(data: folder["data"]);
        var report = await again.IngestAsync("d");

        Assert.Equal(IngestOutcome.Committed, report!.Outcome);
        Assert.Equal(straight.Datasets().Where(file => !IsHead(file.Key)), again.Datasets().Where(file => !IsHead(file.Key)));
        Assert.Equal((1, "d"), ((await again.HeadAsync("toy"))!.Generation, (await again.HeadAsync("toy"))!.Drop));
        Assert.Contains(again.Bus.Sent, sent => sent.Message is DatasetCommitted);
        await again.AssertNothingHalfWrittenAsync("toy");
    }

    /// <summary>It, and the commit that it points to, name the fingerprint, which the times of the drop's files are part of.</summary>
    private static bool IsHead(string path) => path.EndsWith("head.json", StringComparison.Ordinal) || path.Contains("/commits/", StringComparison.Ordinal);
}
