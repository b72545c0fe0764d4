using VerSemi.Domain.Catalogue;
using VerSemi.Imaging;
using VerSemi.Imaging.Checks;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>
/// Volumes that were damaged at random: each drop ends with a report, each case in it as taken or quarantined.
/// VERSEMI_MUTATED_VOLUMES says how many (default 200), VERSEMI_SEED which.
/// </summary>
public sealed class MutatedVolumesTests
{
    private const int CasesADrop = 20;
    private static readonly TimeSpan LongestDrop = TimeSpan.FromMinutes(1);

    private static int Count => int.Parse(Environment.GetEnvironmentVariable("VERSEMI_MUTATED_VOLUMES") ?? "200");
    private static int Seed => int.Parse(Environment.GetEnvironmentVariable("VERSEMI_SEED") ?? "1");

    [Fact]
    public async Task Every_damaged_volume_is_taken_or_quarantined_and_none_keeps_its_drop_from_an_end()
    {
        var (taken, quarantined) = (0, 0);
        for (var first = 0; first < Count; first += CasesADrop)
        {
            using var rig = new IngestRig(configure: options => options.MaxVoxels = 1 << 22);
            var mutator = new NiftiMutator(unchecked(Seed * 1_000_003 + first));
            var drop = DropFolder.Msd(rig.DropPath("d"), labelled: CasesADrop, unlabelled: 1);
            for (var i = 0; i < CasesADrop; i++)
                Damage(drop[i % 3 == 0 ? $"labelsTr/c{i:00}.nii.gz" : $"imagesTr/c{i:00}.nii.gz"], mutator, asFloat: i % 3 != 0);

            var report = await rig.IngestAsync("d").WaitAsync(LongestDrop, TestContext.Current.CancellationToken);

            Assert.True(report?.Outcome == IngestOutcome.Committed, $"seed {Seed}, volumes from {first}: {report?.Outcome} {report?.Refusal} {string.Join(' ', rig.Log.Errors)}");
            Assert.Equal(CasesADrop + 1, report!.Cases.Count);
            Assert.All(report.Cases, found => Assert.True(found.Quarantined is null != found.Role is null, found.Id));
            Assert.Empty(rig.Log.Errors);
            await rig.AssertNothingHalfWrittenAsync("toy");
            quarantined += report.Cases.Count(found => found.Quarantined is not null);
            taken += report.Cases.Count(found => found.Quarantined is null) - 1;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{taken} taken, {quarantined} quarantined, seed {Seed}");
        Assert.True(taken > 0 && quarantined > 0, $"{taken} taken, {quarantined} quarantined");
    }

    [Fact]
    public void Every_damaged_image_is_read_or_refused_with_a_reason()
    {
        using var folder = new TempFolder();
        var (read, refused) = (0, 0);
        for (var i = 0; i < Count; i++)
        {
            DropFolder.Msd(folder.Path, labelled: 1, unlabelled: 0);
            var file = folder["imagesTr/c00.nii.gz"];
            Damage(file, new NiftiMutator(unchecked(Seed * 7919 + i)), asFloat: true);
            try
            {
                NiftiFile.ReadHeader(file);
                ImageCheck.Of(NiftiFile.ReadImage(file, 0).Voxels, hounsfield: i % 2 == 0);
                read++;
            }
            catch (InvalidImageException)
            {
                refused++;
            }
        }
        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    private static void Damage(string file, NiftiMutator mutator, bool asFloat)
    {
        var plain = file + ".plain.nii";
        if (asFloat)
            NiftiFile.Write(plain, NiftiFile.ReadImage(file));
        else
            NiftiFile.Write(plain, NiftiFile.ReadLabel(file));
        File.WriteAllBytes(file, mutator.Mutate(File.ReadAllBytes(plain)));
        File.Delete(plain);
    }
}
