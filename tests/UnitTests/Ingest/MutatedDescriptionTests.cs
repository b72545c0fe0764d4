using System.Globalization;
using VerSemi.Domain.Messages;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>
/// Many dataset.json with faults, each in a drop of its own: every drop ends with its report, whatever it says, and the
/// good drop that came at the same time is rung for with the first look that it can be. VERSEMI_MUTATIONS=5000 for more.
/// </summary>
public sealed class MutatedDescriptionTests
{
    private const int Few = 120, AtATime = 20;

    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("VERSEMI_MUTATIONS") ?? $"{Few}", CultureInfo.InvariantCulture);
    private readonly Dictionary<string, int> _ends = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_drop_ends_with_a_report_and_delays_no_other()
    {
        for (var first = 0; first < Count; first += AtATime)
            await TakeAsync([.. Enumerable.Range(first, Math.Min(AtATime, Count - first))]);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", _ends.OrderBy(end => end.Key, StringComparer.Ordinal).Select(end => $"{end.Value} {end.Key}")));
        Assert.Equal(Count, _ends.Values.Sum());
        Assert.All(new[] { "Refused", "Committed" }, end => Assert.True(_ends.ContainsKey(end), $"No drop ended as {end}: the faults are all of one kind."));
    }

    /// <summary>Some drops in one platform; a new one for the next, as each leaves a dataset.</summary>
    private async Task TakeAsync(int[] seeds)
    {
        var time = new ManualTime();
        using var rig = new IngestRig(time: time);
        foreach (var seed in seeds)
            Spoil(rig.DropPath($"d{seed}"), seed);
        DropFolder.Msd(rig.DropPath("zzz-good"), "Good", labelled: 1, unlabelled: 0, first: 90);

        await rig.Sweep.LookAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(2));
        await rig.Sweep.LookAsync(Stop);
        Assert.Contains("zzz-good", Rung(rig));
        time.Advance(TimeSpan.FromSeconds(58));
        await rig.Sweep.LookAsync(Stop);
        foreach (var seed in seeds)
        {
            Assert.True(Rung(rig).Contains($"d{seed}"), $"Seed {seed}: the drop is never rung for.");
            var report = await rig.IngestAsync($"d{seed}");
            Assert.True(report is not null, $"Seed {seed} has no report: {string.Join("\n", rig.Log.Errors)}");
            Assert.DoesNotContain(rig.Log.Errors, error => error.Contains("may be a defect", StringComparison.Ordinal));
            var end = report.Cases.Any(found => found.Quarantined is not null) ? $"{report.Outcome} with quarantined cases" : $"{report.Outcome}";
            _ends[end] = _ends.GetValueOrDefault(end) + 1;
            Assert.InRange(report.Refusal?.Length ?? 0, 0, 200_000);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(rig.Data).Select(Path.GetFileName).Except(["incoming", "datasets", ".store"]));
        rig.AssertNoTemporaryFiles();
    }

    private static void Spoil(string path, int seed)
    {
        var drop = seed % 2 == 0 ? DropFolder.Msd(path, $"Toy {seed}", labelled: 2, first: 3 * (seed % 20), versemi: new { tasks = new Dictionary<string, string>(), patients = new Dictionary<string, string> { ["c00"] = "p" } })
            : DropFolder.NnUNet(path, ["MRI"], labelled: 2);
        File.WriteAllBytes(drop["dataset.json"], new MutatedDescription(seed).Of(File.ReadAllText(drop["dataset.json"])));
    }

    private static HashSet<string> Rung(IngestRig rig) => [.. rig.Bus.Sent.Select(sent => sent.Message).OfType<IngestDrop>().Select(message => message.Drop)];
}
