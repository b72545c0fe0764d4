using System.Text;
using System.Text.RegularExpressions;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest.Field;

/// <summary>Drops as people make them, each beside a good one, through sweep and handler.</summary>
public sealed class FieldCaseTests : IDisposable
{
    private const string Good = "good-one-beside";

    /// <summary>Looks until every drop must have its report, 15 s apart: the quiet period, and some tries.</summary>
    private const int Looks = 40;
    private readonly ManualTime _time = new();
    private readonly TempFolder _made = new();
    private readonly IngestRig _rig;

    public FieldCaseTests() => _rig = new IngestRig(time: _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. FieldCases.Names];

    public void Dispose()
    {
        _rig.Dispose();
        _made.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_drop_from_the_field_ends_as_expected_and_the_good_one_beside_it_is_taken(string name)
    {
        var expected = ExpectedCases.All.GetValueOrDefault(name, [new Expected(null)]);
        Assert.SkipWhen(FieldCases.CannotRun, FieldCases.Missing ?? "");
        await FieldCases.MakeAsync(name, _made[name]);
        DropFolder.Msd(_rig.DropPath(Good), "Good One Beside", first: 70);
        foreach (var drop in expected)
            Directory.Move(Path.Combine(_made[name], drop.Drop ?? ""), _rig.DropPath(drop.Drop ?? name));

        await SweepAsync(2);
        Assert.Equal(IngestOutcome.Committed, (await ReportAsync(Good))?.Outcome);
        await SweepAsync(Looks, expected.Select(drop => drop.Drop ?? name));
        foreach (var drop in expected)
            await CheckAsync(drop, await ReportAsync(drop.Drop ?? name));
        Assert.Empty(_rig.Log.Errors);
        _rig.AssertNoTemporaryFiles();
    }

    private async Task CheckAsync(Expected expected, IngestReport? report)
    {
        Assert.True(report is not null, "The drop has no report: it is stuck.");
        var text = Text(report);
        if (expected.Outcome is { } outcome)
            Assert.True(outcome == report.Outcome, text);
        foreach (var says in expected.Says ?? [])
            Assert.Matches(new Regex(says, RegexOptions.Singleline), text);
        if (expected.Never is { } never)
            Assert.DoesNotMatch(never, text);
        var taken = report.Cases.Where(one => one.Quarantined is null).ToList();
        Assert.True(expected.Labelled is null || expected.Labelled == taken.Count(one => one.Role != "unlabelled"), text);
        Assert.True(expected.Unlabelled is null || expected.Unlabelled == taken.Count(one => one.Role == "unlabelled"), text);
        Assert.True(expected.Quarantined is null || expected.Quarantined == report.Cases.Count - taken.Count, text);
        if (expected.Modality is { } modality)
            Assert.Equal(modality, (await _rig.ManifestAsync(report.Dataset!)).Modality);
    }

    private static string Text(IngestReport report)
    {
        var text = new StringBuilder(report.Refusal is null ? "" : $"Refusal: {report.Refusal}\n");
        foreach (var note in report.Notes)
            text.Append($"{note}\n");
        foreach (var found in report.Cases)
            text.Append(found.Quarantined is null ? $"{found.Id}, {found.Role}: {string.Join(' ', found.Notes)}\n" : $"Quarantined: {found.Id}: {found.Quarantined}\n");
        return text.Append(string.Join(", ", report.Cases.GroupBy(found => found.Role).Select(role => $"{role.Count()} {role.Key}"))).ToString();
    }

    private async Task<IngestReport?> ReportAsync(string drop) =>
        (await _rig.Store.TryReadJsonAsync<IngestReport>(BlobLayout.DropReport(drop), DomainJson.Readable, Stop))?.Value;

    /// <param name="until">Ends sooner where all of them have their report.</param>
    private async Task SweepAsync(int looks, IEnumerable<string>? until = null)
    {
        var awaited = until?.ToList();
        for (var look = 0; look < looks && awaited?.All(drop => File.Exists(Path.Combine(_rig.DropPath(drop), "_report", "report.json"))) != true; look++)
        {
            await _rig.Sweep.LookAsync(Stop);
            foreach (var (_, message) in _rig.Bus.Sent.ToList())
                if (message is IngestDrop whole)
                    await _rig.HandleAsync(whole);
            _rig.Bus.Sent.Clear();
            _time.Advance(TimeSpan.FromSeconds(15));
        }
    }
}
