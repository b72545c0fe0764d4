using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Every control file that Ingest owns, and what becomes of it when it is not what was written.</summary>
public sealed class ControlFileTests : IDisposable
{
    private readonly IngestRig _rig = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, Damage> HealedFiles()
    {
        var table = new TheoryData<string, Damage>();
        foreach (var file in new[] { "head", "manifest", "first manifest", "commit" })
            foreach (var damage in Enum.GetValues<Damage>())
                // A missing newest commit cannot be told from one that was never made; an older head is the only file that changes.
                if (!(file == "commit" && damage == Damage.Deleted) && !(file != "head" && damage == Damage.Older))
                    table.Add(file, damage);
        return table;
    }

    public void Dispose() => _rig.Dispose();

    [Theory]
    [MemberData(nameof(HealedFiles))]
    public async Task Head_manifests_and_newest_commit_of_a_dataset_are_written_again_from_each_other(string which, Damage damage)
    {
        TinyDataset.Write(_rig.DropPath("balls"));
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("balls"))!.Outcome);
        var (first, older) = (await _rig.ManifestAsync("balls"), ReadFile(BlobLayout.DatasetHead("balls")));
        TinyDataset.Write(_rig.DropPath("more"), seed: 2, dataset: "balls");
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("more"))!.Outcome);
        TinyDataset.Write(_rig.DropPath("others"), seed: 3);
        await _rig.IngestAsync("others");
        var (newest, others) = (await _rig.ManifestAsync("balls"), await _rig.ManifestAsync("others"));
        var (path, other) = which switch
        {
            "head" => (BlobLayout.DatasetHead("balls"), BlobLayout.DatasetHead("others")),
            "manifest" => (BlobLayout.DatasetManifest("balls", newest.Version), BlobLayout.DatasetManifest("others", others.Version)),
            "first manifest" => (BlobLayout.DatasetManifest("balls", first.Version), BlobLayout.DatasetManifest("others", others.Version)),
            _ => (BlobLayout.DatasetCommit("balls", 2), BlobLayout.DatasetCommit("others", 1)),
        };
        var before = ReadFile(path);
        Damages.Do(damage, FileOf(path), ReadFile(other), older);
        Assert.NotEqual(before, File.Exists(FileOf(path)) ? ReadFile(path) : []);

        await _rig.RestoreAsync("others", "balls");
        Assert.Equal(before, ReadFile(path));
    }

    [Fact]
    public async Task A_drop_after_the_head_went_back_to_an_older_one_loses_no_case_of_the_newer()
    {
        TinyDataset.Write(_rig.DropPath("balls"));
        await _rig.IngestAsync("balls");
        var older = ReadFile(BlobLayout.DatasetHead("balls"));
        TinyDataset.Write(_rig.DropPath("more"), seed: 2, dataset: "balls");
        await _rig.IngestAsync("more");
        var cases = (await _rig.ManifestAsync("balls")).Cases.Select(entry => entry.Id).ToList();
        await File.WriteAllBytesAsync(FileOf(BlobLayout.DatasetHead("balls")), older, Stop);
        TinyDataset.Write(_rig.DropPath("third"), seed: 4, dataset: "balls");
        await _rig.IngestAsync("third");
        Assert.Equal(3, (await _rig.HeadAsync("balls"))!.Generation);
        Assert.Subset((await _rig.ManifestAsync("balls")).Cases.Select(entry => entry.Id).ToHashSet(), cases.ToHashSet());
    }

    [Theory]
    [InlineData(Damage.Cut)]
    [InlineData(Damage.Emptied)]
    [InlineData(Damage.Garbage)]
    [InlineData(Damage.FlippedBit)]
    [InlineData(Damage.Anothers)]
    [InlineData(Damage.Deleted)]
    public async Task A_drops_report_is_made_anew(Damage damage)
    {
        TinyDataset.Write(_rig.DropPath("balls"));
        TinyDataset.Write(_rig.DropPath("others"), seed: 3);
        await _rig.IngestAsync("balls");
        await _rig.IngestAsync("others");
        Damages.Do(damage, FileOf(BlobLayout.DropReport("balls")), ReadFile(BlobLayout.DropReport("others")), []);
        var again = await _rig.IngestAsync("balls");
        Assert.Equal(("balls", IngestOutcome.Committed), (again!.Drop, again.Outcome));
    }

    [Theory]
    [InlineData(Damage.Cut)]
    [InlineData(Damage.Emptied)]
    [InlineData(Damage.Garbage)]
    [InlineData(Damage.FlippedBit)]
    public async Task While_the_list_of_withdrawn_cases_is_damaged_nothing_is_taken_in_and_it_is_named(Damage damage)
    {
        TinyDataset.Write(_rig.DropPath("balls"));
        await _rig.IngestAsync("balls");
        var gone = (await _rig.ManifestAsync("balls")).Cases[0];
        await _rig.WithdrawAsync(new("w-1", DateTimeOffset.UnixEpoch, "balls", gone.Id, null));
        var list = BlobLayout.Withdrawn("balls");
        var before = ReadFile(list);
        Damages.Do(damage, FileOf(list), [], []);
        TinyDataset.Write(_rig.DropPath("again"), seed: 5, dataset: "balls");
        Assert.Null(await _rig.IngestAsync("again"));
        var problem = await File.ReadAllTextAsync(FileOf(BlobLayout.DropProblem("again")), Stop);
        Assert.Contains(list, problem, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(FileOf(list), before, Stop);
        Assert.NotNull(await _rig.IngestAsync("again"));
        Assert.DoesNotContain((await _rig.ManifestAsync("balls")).Cases, entry => entry.Image == gone.Image);
    }

    [Theory]
    [InlineData(Damage.Cut)]
    [InlineData(Damage.Emptied)]
    [InlineData(Damage.Garbage)]
    [InlineData(Damage.FlippedBit)]
    public async Task A_damaged_record_of_a_withdrawal_is_made_again_when_it_is_asked_for_again(Damage damage)
    {
        TinyDataset.Write(_rig.DropPath("balls"));
        await _rig.IngestAsync("balls");
        var request = new VerSemi.Domain.Messages.WithdrawCases("w-1", DateTimeOffset.UnixEpoch, "balls", (await _rig.ManifestAsync("balls")).Cases[0].Id, null);
        var record = await _rig.WithdrawAsync(request);
        Damages.Do(damage, FileOf(BlobLayout.Withdrawal("w-1")), [], []);
        Assert.Equal(record!.Cases, (await _rig.WithdrawAsync(request))!.Cases);
        await _rig.AssertNoOpenWithdrawalAsync();
    }

    [Fact]
    public async Task A_dataset_that_is_dropped_again_replaces_voxels_that_were_damaged()
    {
        TinyDataset.Write(_rig.DropPath("balls"));
        await _rig.IngestAsync("balls");
        var path = BlobLayout.Voxels("balls", (await _rig.ManifestAsync("balls")).Cases[0].Image);
        var before = ReadFile(path);
        await File.WriteAllBytesAsync(FileOf(path), new byte[before.Length], Stop);
        File.Delete(FileOf(BlobLayout.DropReport("balls")));
        Assert.Equal(IngestOutcome.Committed, (await _rig.IngestAsync("balls"))!.Outcome);
        Assert.Equal(before, ReadFile(path));
    }

    private string FileOf(string path) => Path.Combine(_rig.Data, path);

    private byte[] ReadFile(string path) => File.ReadAllBytes(FileOf(path));
}
