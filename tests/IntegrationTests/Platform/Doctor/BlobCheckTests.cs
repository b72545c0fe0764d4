using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.IntegrationTests.Orchestrator;
using VerSemi.IntegrationTests.Platform.Blobs;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Doctor;
using VerSemi.Platform.Telemetry;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Platform.Doctor;

public sealed class BlobCheckTests(SharedAzurite azurite) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_store_with_all_rights_is_well_and_left_as_it_was()
    {
        var options = SharedAzurite.Options((await azurite.ServerAsync()).ConnectionString, _folder["cache"]);
        var findings = await Patient.OnBlobsAsync(options, Needs);
        Assert.All(findings, finding => Assert.True(finding.IsWell, finding.ToString()));
        Assert.Equal(["blob store", "reading read/", "writing write/", "blob store's clock"], findings.Select(finding => finding.Check));
        Assert.Empty(await new BlobContainerClient(options.ConnectionString, options.Container).GetBlobsAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_named()
    {
        var options = SharedAzurite.Options((await azurite.ServerAsync()).ConnectionStringTo(TestServers.FreePort()), _folder["cache"]);
        (await Patient.OnBlobsAsync(options, Needs)).Of("blob store").IsWrong("did not answer", "Is the store up");
    }

    [Fact]
    public async Task A_right_to_write_that_is_missing_is_named_with_its_prefix()
    {
        var server = await azurite.ServerAsync();
        var container = new BlobContainerClient(server.ConnectionString, $"test-{Guid.NewGuid():N}");
        await container.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        var readOnly = container.GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, DateTimeOffset.UtcNow.AddHours(1));
        var options = SharedAzurite.Options("", _folder["cache"]);
        options.SasUri = readOnly.ToString();
        var findings = await Patient.OnBlobsAsync(options, Needs);
        Assert.True(findings.Of("reading read/").IsWell);
        findings.Of("writing write/").IsWrong("No right to write blobs", "below 'write/'");
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_named()
    {
        var time = new ShiftedTime();
        time.Advance(TimeSpan.FromMinutes(5));
        var options = SharedAzurite.Options((await azurite.ServerAsync()).ConnectionString, _folder["cache"]);
        var findings = await Patient.OnBlobsAsync(options, services =>
        {
            Needs(services);
            services.AddSingleton<TimeProvider>(time);
        });
        findings.Of("blob store's clock").IsWrong("differs by -", "NTP");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_or_has_too_little_room_is_named()
    {
        var file = _folder["a-file"];
        await File.WriteAllTextAsync(file, "no folder", TestContext.Current.CancellationToken);
        var findings = await Patient.OnBlobsAsync(new BlobOptions { Folder = _folder["blobs"] }, services => services
            .AddSingleton(new DoctorOptions { LeastFreeMiB = long.MaxValue })
            .WatchFolder("scratch", _ => Path.Combine(file, "below")).WatchFolder("work", _ => _folder["work"]));
        findings.Of("folder scratch").IsWrong("nothing can be written to", "Mount a volume");
        findings.Of("folder work").IsWrong("MiB are free", "docs/runbooks/disk-filling.md");
    }

    private static void Needs(IServiceCollection services) => services.NeedsBlobs(reads: ["read/"], writes: ["write/"]);
}
