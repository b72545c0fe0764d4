using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VerSemi.Ingest;
using VerSemi.Ingest.Cases;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

public sealed class IngestOptionsTests
{
    [Fact]
    public void All_faults_of_the_options_are_told_at_once()
    {
        using var services = new ServiceCollection().AddIngest(options => (options.SweepInterval, options.ParallelCases, options.MaxVoxels, options.WorkFolder, options.PseudonymKey) = (TimeSpan.Zero, 0, -1, " ", "too short to keep")).BuildServiceProvider();
        var thrown = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<IngestOptions>>().Value);
        Assert.Equal(5, thrown.Failures.Count());
        Assert.Contains("Ingest:MaxVoxels is -1", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Ingest:PseudonymKey has 17 characters", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("too short to keep", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_dead_process_left_in_the_work_folder_is_cleared_and_that_of_a_living_one_is_not()
    {
        using var folder = new TempFolder();
        var options = Options.Create(new IngestOptions { WorkFolder = folder.Path });
        using var living = new WorkFolder(options);
        var kept = living.NewFile(".nii");
        File.WriteAllText(kept, "");
        const string Dead = "0123456789abcdef0123456789abcdef";
        foreach (var name in new[] { Dead, "precious" })
        {
            Directory.CreateDirectory(folder[name]);
            File.WriteAllText(folder[$"{name}/left.nii"], "");
            File.WriteAllText(folder[$"{name}.lock"], "");
        }

        using var next = new WorkFolder(options);
        next.NewFile(".nii");
        Assert.True(File.Exists(kept));
        Assert.False(Directory.Exists(folder[Dead]));
        Assert.True(File.Exists(folder["precious/left.nii"]), "A folder that Ingest did not make was deleted.");
    }
}
