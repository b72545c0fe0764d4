using System.Diagnostics;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Ingest;

/// <summary>A full disk is nobody's fault in the drop: nothing is refused, nothing half-written, and with room again it goes on.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_store_without_room_leaves_the_drop_as_it_is_until_there_is_room()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Needs a tmpfs of a given size.");
        using var folder = new TempFolder();
        using var small = SmallDisk.Mount(folder["disk"], kilobytes: 160);
        using var rig = new IngestRig(data: folder["disk"]);
        DropFolder.Msd(rig.DropPath("d"));
        var filler = Path.Combine(folder["disk"], "filler");
        SmallDisk.Fill(filler);

        Assert.Null(await rig.IngestAsync("d"));
        Assert.Contains(rig.Log.Errors, error => error.StartsWith("Drop d could not be finished and is tried again later", StringComparison.Ordinal));
        Assert.Empty(rig.Datasets());
        rig.AssertNoTemporaryFiles();

        File.Delete(filler);
        Assert.Equal(IngestOutcome.Committed, (await rig.IngestAsync("d"))!.Outcome);
        await rig.AssertNothingHalfWrittenAsync("toy");
    }

    [Fact]
    public async Task A_full_work_folder_is_told_beside_the_drop_and_gone_again_with_it()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Needs a tmpfs of a given size.");
        using var folder = new TempFolder();
        using var small = SmallDisk.Mount(folder["work"], kilobytes: 64);
        using var rig = new IngestRig(configure: options => options.WorkFolder = folder["work"]);
        DropFolder.Msd(rig.DropPath("d"));
        var filler = Path.Combine(folder["work"], "filler");
        SmallDisk.Fill(filler);

        Assert.Null(await rig.IngestAsync("d"));
        var problem = Path.Combine(rig.Data, BlobLayout.DropProblem("d"));
        Assert.Contains("No space left on device", await File.ReadAllTextAsync(problem, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(rig.Datasets());

        File.Delete(filler);
        Assert.Equal(IngestOutcome.Committed, (await rig.IngestAsync("d"))!.Outcome);
        Assert.False(File.Exists(problem));
    }
}

/// <summary>A file system of a given size. Where mounting is not allowed, the test is skipped, but not in CI as root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    public static SmallDisk Mount(string path, int kilobytes)
    {
        Directory.CreateDirectory(path);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path) != 0)
            Assert.Skip("Mounting a tmpfs is not permitted here.");
        return new SmallDisk(path);
    }

    /// <summary>Writes until nothing more fits.</summary>
    public static void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                stream.Write(new byte[1024]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Dispose() => Run("umount", "-l", _path);

    private static int Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
