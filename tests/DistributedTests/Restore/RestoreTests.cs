using System.Diagnostics;
using VerSemi.Domain;
using VerSemi.Domain.Models;
using VerSemi.Platform.Blobs;

namespace VerSemi.DistributedTests.Restore;

/// <summary>infra/backup and infra/restore on a platform that runs: whatever was lost, the line goes on and is consistent.</summary>
public sealed class RestoreTests(RestoreFixture platform) : IClassFixture<RestoreFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_lost_the_platform_is_again_as_it_was_at_the_backup()
    {
        var backup = await platform.BackUpAsync(Cancellation);
        var (lost, drop) = await platform.PromoteAsync(Cancellation);

        await RestoreAsync(backup, database: true, blobs: true);

        platform.Lose(drop);
        var (next, _) = await platform.PromoteAsync(Cancellation);
        Assert.Equal((lost.Generation, lost.Model), (next.Generation, next.Model));
        await platform.AssertConsistentAsync(Cancellation);
    }

    [Fact]
    public async Task An_older_database_catches_up_with_the_store_and_nothing_is_lost()
    {
        var backup = await platform.BackUpAsync(Cancellation);
        var (newer, _) = await platform.PromoteAsync(Cancellation);
        var weights = await WeightsAsync(newer.Model!.Value);

        var said = await RestoreAsync(backup, database: true);

        Assert.Contains($"generation {newer.Generation} of line \\u0027main\\u0027", said, StringComparison.Ordinal);
        var (next, _) = await platform.PromoteAsync(Cancellation);
        Assert.Equal((newer.Model, newer.Generation + 1, newer.Model + 1), (next.Champion, next.Generation, next.Model));
        Assert.Equal(weights, await WeightsAsync(newer.Model.Value));
        await platform.AssertConsistentAsync(Cancellation);
    }

    [Fact]
    public async Task With_an_older_store_the_line_returns_to_the_newest_model_that_the_store_has()
    {
        var backup = await platform.BackUpAsync(Cancellation);
        var (lost, drop) = await platform.PromoteAsync(Cancellation);
        var weights = await WeightsAsync(lost.Model!.Value);

        var said = await RestoreAsync(backup, blobs: true);

        Assert.Contains($"model main/{lost.Model}: restore models/main/{lost.Model}/", said, StringComparison.Ordinal);
        Assert.Contains($"main/{lost.Champion} is in production as generation {lost.Generation + 1}", said, StringComparison.Ordinal);
        Assert.Contains($"dataset {drop}/", said, StringComparison.Ordinal);
        // The same data again becomes the same model again.
        var again = await platform.DropAsync(drop, Cancellation);
        Assert.Equal((lost.Champion, lost.Generation + 2, lost.Model), (again.Champion, again.Generation, again.Model));
        Assert.Equal(weights, await WeightsAsync(lost.Model!.Value));
        await platform.AssertConsistentAsync(Cancellation);
    }

    /// <summary>From the loss until every service is ready again.</summary>
    private async Task<string> RestoreAsync(string backup, bool database = false, bool blobs = false)
    {
        await platform.StopAsync(Cancellation);
        var clock = Stopwatch.StartNew();
        var said = await platform.RestoreAsync(backup, database, blobs, Cancellation);
        await platform.StartAsync(Cancellation);
        TestContext.Current.TestOutputHelper!.WriteLine($"Back after {clock.Elapsed.TotalSeconds:0.0} s");
        return said;
    }

    private async Task<string> WeightsAsync(int version) => (await platform.System.OpenBlobs().ReadJsonAsync<ModelManifest>(
        BlobLayout.Model("main", version) + BlobLayout.ModelFile, DomainJson.Readable, Cancellation)).Weights;
}
