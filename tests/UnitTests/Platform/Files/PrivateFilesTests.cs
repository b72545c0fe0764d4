using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Files;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Platform.Files;

[SupportedOSPlatform("linux")]
public sealed class PrivateFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("755")]
    [InlineData("750")]
    [InlineData("770")]
    [InlineData("711")]
    [InlineData("701")]
    [InlineData("777")]
    [InlineData("1777")]
    [InlineData("2775")]
    public async Task A_folder_that_others_can_open_is_a_fault_and_the_command_that_is_said_fixes_it(string mode)
    {
        var folder = Directory.CreateDirectory(_folder["data folder's"]).FullName;
        File.SetUnixFileMode(folder, Mode(mode));
        var fault = Assert.Single(PrivateFiles.Faults(folder));
        Assert.Contains(folder, fault, StringComparison.Ordinal);
        await RunAsync(fault[fault.IndexOf("chmod", StringComparison.Ordinal)..]);
        Assert.Empty(PrivateFiles.Faults(folder));
        Assert.Equal(0, (int)File.GetUnixFileMode(folder) & 7);
    }

    [Theory]
    [InlineData("644")]
    [InlineData("640")]
    [InlineData("660")]
    [InlineData("602")]
    public async Task So_is_a_file(string mode)
    {
        File.WriteAllText(_folder["versemi.db"], "");
        File.SetUnixFileMode(_folder["versemi.db"], Mode(mode));
        var fault = Assert.Single(PrivateFiles.Faults(_folder["versemi.db"], _folder["not there"]));
        Assert.EndsWith($"chmod 600 {_folder["versemi.db"]}", fault, StringComparison.Ordinal);
        await RunAsync(fault[fault.IndexOf("chmod", StringComparison.Ordinal)..]);
        Assert.Empty(PrivateFiles.Faults(_folder["versemi.db"]));
    }

    [Fact]
    public void A_volume_that_Kubernetes_gives_to_a_group_may_be_opened_by_that_group_and_by_no_others()
    {
        var volume = Directory.CreateDirectory(_folder["volume"]).FullName;
        File.WriteAllText(_folder["volume/versemi.db"], "");
        File.SetUnixFileMode(_folder["volume/versemi.db"], Mode("660"));
        File.SetUnixFileMode(volume, Mode("770"));
        Assert.Equal(2, PrivateFiles.Faults(volume, _folder["volume/versemi.db"]).Count());
        File.SetUnixFileMode(volume, Mode("2770"));
        Assert.Empty(PrivateFiles.Faults(volume, _folder["volume/versemi.db"]));
        File.SetUnixFileMode(_folder["volume/versemi.db"], Mode("664"));
        Assert.Single(PrivateFiles.Faults(volume, _folder["volume/versemi.db"]));
    }

    [Fact]
    public void A_link_counts_as_what_it_leads_to()
    {
        var folder = Directory.CreateDirectory(_folder["data"]).FullName;
        Directory.CreateSymbolicLink(_folder["link"], folder);
        File.SetUnixFileMode(folder, Mode("755"));
        Assert.EndsWith($"chmod 700 {folder}", Assert.Single(PrivateFiles.Faults(_folder["link"])), StringComparison.Ordinal);
        File.SetUnixFileMode(folder, Mode("700"));
        Assert.Empty(PrivateFiles.Faults(_folder["link"]));
    }

    [Theory]
    [InlineData("755", true)]
    [InlineData("1777", true)]
    [InlineData("2770", true)]
    [InlineData("777", false)]
    [InlineData("775", false)]
    [InlineData("2777", false)]
    public void Temporary_files_lie_where_nobody_else_can_replace_them(string mode, bool isSafe)
    {
        var folder = Directory.CreateDirectory(_folder["scratch"]).FullName;
        File.SetUnixFileMode(folder, Mode(mode));
        Assert.Equal(isSafe, !PrivateFiles.ScratchFaults(folder).Any());
        Assert.Empty(PrivateFiles.ScratchFaults(_folder["not there"]));
    }

    [Fact]
    public async Task Blobs_and_their_folders_are_their_owners_alone()
    {
        var store = new FolderBlobStore(_folder["store"]);
        await store.WriteAsync("models/main/1/weights", new MemoryStream(Encoding.UTF8.GetBytes("x")), cancellation: TestContext.Current.CancellationToken);
        var all = new DirectoryInfo(_folder["store"]).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(new DirectoryInfo(_folder["store"])).ToList();
        Assert.Contains(all, entry => entry.Name == "weights");
        Assert.All(all, entry => Assert.Equal((entry.FullName, entry is DirectoryInfo ? Mode("700") : Mode("600")), (entry.FullName, entry.UnixFileMode)));
    }

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private static async Task RunAsync(string command)
    {
        using var shell = Process.Start("/bin/sh", ["-c", command]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(shell.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{command}: {shell.ExitCode}"));
    }
}
