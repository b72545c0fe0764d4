using System.Runtime.Versioning;
using Microsoft.Extensions.Options;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>Who reads the SQLite file has the keys of all sessions.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivateDatabaseTests : IDisposable
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_made_with_its_journals_for_its_owner_alone()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        foreach (var file in new[] { "versemi.db", "versemi.db-wal", "versemi.db-shm" })
            Assert.Equal((file, Own), (file, File.GetUnixFileMode(_folder[file])));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task One_that_others_can_open_is_refused_with_the_command_that_mends_it(UnixFileMode others)
    {
        await using (await TestPlatform.StartAsync(_folder, new() { Trainer = false }))
        {
        }
        File.SetUnixFileMode(_folder["versemi.db"], Own | others);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPlatform.StartAsync(_folder, new() { Trainer = false }));
        Assert.EndsWith($"chmod 600 {_folder["versemi.db"]}", Assert.Single(error.Failures), StringComparison.Ordinal);
        File.SetUnixFileMode(_folder["versemi.db"], Own);
        await using var again = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
    }
}
