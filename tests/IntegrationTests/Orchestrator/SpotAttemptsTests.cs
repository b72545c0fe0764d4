using Microsoft.Extensions.DependencyInjection;
using VerSemi.Domain.Messages;
using VerSemi.Platform.Bus;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>Which of the two training queues a run is called on.</summary>
public sealed class SpotAttemptsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_attempts_are_called_on_spot_and_the_later_ones_on_demand()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Configure = options => options.SpotAttempts = 2, Trainer = false });
        await Data.CommitAsync(platform.Blobs, "liver");
        foreach (var (queue, attempt) in new[] { (Queues.Training, 1), (Queues.Training, 2), (Queues.TrainingOnDemand, 3), (Queues.TrainingOnDemand, 4) })
        {
            var lease = await TakeAsync(platform, queue);
            Assert.Equal(attempt, lease.Attempt);
            await platform.Bus.AskAsync<EndLease, HeartbeatAnswer>(Queues.Leases, new EndLease(lease.Run, attempt, "worker", lease.Work, WorkOutcome.HandedBack), Eventually.Patience, Cancellation);
        }
    }

    [Fact]
    public async Task Without_the_option_every_attempt_is_called_on_one_queue()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false });
        await Data.CommitAsync(platform.Blobs, "liver");
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var lease = await TakeAsync(platform, Queues.Training);
            Assert.Equal(attempt, lease.Attempt);
            await platform.Bus.AskAsync<EndLease, HeartbeatAnswer>(Queues.Leases, new EndLease(lease.Run, attempt, "worker", lease.Work, WorkOutcome.HandedBack), Eventually.Patience, Cancellation);
        }
    }

    private static Task<LeaseAnswer> TakeAsync(TestPlatform platform, string queue) =>
        platform.Services.GetRequiredService<IWorkQueue>().TakeAsync<WorkOnRun, LeaseAnswer>(queue, async (message, stop) =>
            await platform.Bus.AskAsync<ClaimLease, LeaseAnswer>(Queues.Leases, new ClaimLease(message.Run, "worker"), Eventually.Patience, stop) is { Granted: true } lease ? lease : null,
            Cancellation).WaitAsync(Eventually.Patience, Cancellation);
}
