using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Ingest;
using VerSemi.Ingest.Drops;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Cases named after people, with a key for pseudonyms and without one.</summary>
public sealed class PseudonymTests : IDisposable
{
    private const string Key = "a key of more than thirty-two characters";
    private static readonly DateTimeOffset At = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly IngestRig _rig = new(configure: options => options.PseudonymKey = Key);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Names_of_cases_and_patients_leave_the_drop_as_pseudonyms_only()
    {
        Named(_rig.DropPath("d"));
        await _rig.IngestAsync("d");

        var manifest = await _rig.ManifestAsync("toy");
        Assert.Equal(new[] { "c00", "c01", "c02", "c03" }.Select(Known).Order(StringComparer.Ordinal), manifest.Cases.Select(entry => entry.Id));
        Assert.Equal(2, manifest.Cases.Count(entry => entry.Patient == Known("Jane Doe")));
        foreach (var file in _rig.Datasets().Keys)
            AssertNoName(await File.ReadAllTextAsync(Path.Combine(_rig.Data, "datasets", file), TestContext.Current.CancellationToken) + file);
        Assert.All(_rig.Bus.Sent, sent => AssertNoName(sent.Message.ToString()!));
    }

    [Fact]
    public async Task A_second_drop_meets_the_cases_of_the_first_and_their_splits()
    {
        Named(_rig.DropPath("a"));
        Named(_rig.DropPath("b"));
        await _rig.IngestAsync("a");
        Assert.Equal(IngestOutcome.Unchanged, (await _rig.IngestAsync("b"))!.Outcome);
    }

    [Fact]
    public async Task Cases_that_were_taken_in_under_their_names_stay_when_a_key_is_set()
    {
        using var before = new IngestRig(data: _rig.Data);
        DropFolder.Msd(_rig.DropPath("a"));
        await before.IngestAsync("a");
        DropFolder.Msd(_rig.DropPath("b"));
        var report = await _rig.IngestAsync("b");
        Assert.All(report!.Cases, entry => Assert.Contains("the same image", entry.Quarantined, StringComparison.Ordinal));
        Assert.Equal(["c00", "c01", "c02", "c03"], (await _rig.ManifestAsync("toy")).Cases.Select(entry => entry.Id));
    }

    [Fact]
    public async Task A_withdrawal_by_pseudonym_erases_the_files_that_have_the_name_and_they_do_not_come_back()
    {
        var drop = Named(_rig.DropPath("d"));
        await _rig.IngestAsync("d");
        var record = await _rig.WithdrawAsync(new WithdrawCases("w1", At, null, null, Known("Jane Doe")));

        Assert.Equal(2, record!.Cases.Count);
        Assert.False(File.Exists(drop["imagesTr/c00.nii.gz"]));
        Assert.False(File.Exists(drop["labelsTr/c01.nii.gz"]));
        Assert.True(File.Exists(drop["imagesTr/c02.nii.gz"]));
        AssertNoName(await File.ReadAllTextAsync(Path.Combine(_rig.Data, BlobLayout.Withdrawn("toy")), TestContext.Current.CancellationToken));

        drop.Image("imagesTr/c00.nii.gz", 77).Label("labelsTr/c00.nii.gz", 77, 1);
        var report = await _rig.IngestAsync("d");
        Assert.Contains("was withdrawn", report!.Cases.Single(found => found.Id == Known("c00")).Quarantined, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pseudonym_is_a_function_of_name_and_key()
    {
        Assert.Equal(Known("Jane Doe"), Known("Jane Doe"));
        Assert.NotEqual(Known("Jane Doe"), Known("Jane Do"));
        Assert.NotEqual(Known("Jane Doe"), Pseudonyms.Of(new IngestOptions { PseudonymKey = Key + "." })!.Of("Jane Doe"));
        Assert.Matches("^p-[0-9a-f]{16}$", Known("Jane Doe"));
    }

    [Fact]
    public async Task Without_a_key_a_log_still_says_the_drop_and_not_the_file()
    {
        using var rig = new IngestRig(inner => new FailingStore(inner, 1, () => new IOException($"{inner}: 'incoming/d/imagesTr/Jane Doe.nii.gz' cannot be read.\nhttps://x/c/incoming/d/imagesTr/Jane%20Doe.nii.gz")));
        DropFolder.Msd(rig.DropPath("d"));
        await rig.IngestAsync("d");
        var error = Assert.Single(rig.Log.Errors, line => line.Contains("could not be finished", StringComparison.Ordinal));
        Assert.Contains("'incoming/d/…' cannot be read", error, StringComparison.Ordinal);
        Assert.Contains("at VerSemi.", error, StringComparison.Ordinal); // where it happened stays
        AssertNoName(error);
    }

    [Fact]
    public async Task A_refusal_names_the_files_in_the_report_and_not_in_the_log()
    {
        var drop = DropFolder.Msd(_rig.DropPath("d"));
        File.Delete(drop["imagesTr/c00.nii.gz"]);
        var report = await _rig.IngestAsync("d");
        Assert.Contains("imagesTr/c00.nii.gz", report!.Refusal, StringComparison.Ordinal);
        Assert.Contains(_rig.Log.Lines, line => line.Contains("Refused", StringComparison.Ordinal));
        Assert.All(_rig.Log.Lines, AssertNoName);
    }

    private static DropFolder Named(string path) => DropFolder.Msd(path, versemi: new { patients = new { c00 = "Jane Doe", c01 = "Jane Doe" } });

    private static string Known(string name) => Pseudonyms.Of(new IngestOptions { PseudonymKey = Key })!.Of(name);

    private static void AssertNoName(string text)
    {
        foreach (var name in new[] { "Jane", "Doe", "c00", "c01", "c02", "c03" })
            Assert.DoesNotMatch($@"(?<![0-9a-f]){name}(?![0-9a-f])", text);
    }
}
