using VerSemi.Domain.Catalogue;
using VerSemi.TestKit.Dicom;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Drops with damaged DICOM files: each ends with a report, and nothing half-written. VERSEMI_MUTATED_DICOM says how many files in 50 (default 1000), VERSEMI_SEED which.</summary>
public sealed class MutatedDicomDropTests
{
    private const int SeriesADrop = 10;

    private static int Drops => Math.Max(1, int.Parse(Environment.GetEnvironmentVariable("VERSEMI_MUTATED_DICOM") ?? "1000") / 50 / SeriesADrop);
    private static int Seed => int.Parse(Environment.GetEnvironmentVariable("VERSEMI_SEED") ?? "1");

    [Fact]
    public async Task A_damaged_slice_or_label_costs_its_own_case_at_most()
    {
        for (var drop = 0; drop < Drops; drop++)
        {
            using var rig = new IngestRig(configure: options => options.MaxVoxels = 1 << 22);
            Directory.CreateDirectory(rig.DropPath("d"));
            await File.WriteAllTextAsync(Path.Combine(rig.DropPath("d"), "versemi.json"), """{"series": {"modality": ["CT"]}, "structures": {"Liver": "liver"}}""", TestContext.Current.CancellationToken);
            for (var i = 0; i <= SeriesADrop; i++)
            {
                var phantom = new DicomPhantom(seed: i + 1) { Patient = $"P-{i}", Encoding = (DicomEncoding)(i % 6) }.WriteTo(Path.Combine(rig.DropPath("d"), $"s{i:00}"));
                var mask = new Dictionary<string, byte[]> { ["Liver"] = [.. phantom.Pixels.Select((_, v) => (byte)(v % 12 < 4 ? 1 : 0))] };
                await File.WriteAllBytesAsync(Path.Combine(rig.DropPath("d"), $"s{i:00}", "label"), LabelPhantoms.Seg(phantom, "BINARY", mask), TestContext.Current.CancellationToken);
                if (i == SeriesADrop)
                    continue;
                var file = Path.Combine(rig.DropPath("d"), $"s{i:00}", i % 3 == 0 ? "label" : DicomPhantom.NameOf(i % 6));
                await File.WriteAllBytesAsync(file, new DicomMutator(unchecked(Seed * 1_000_003 + drop * SeriesADrop + i)).Mutate(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
            }

            var report = await rig.IngestAsync("d").WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

            Assert.True(report?.Outcome == IngestOutcome.Committed, $"seed {Seed}, drop {drop}: {report?.Refusal} {string.Join(' ', rig.Log.Errors)}");
            Assert.Empty(rig.Log.Errors);
            await rig.AssertNothingHalfWrittenAsync("d");
        }
    }
}
