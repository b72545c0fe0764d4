using VerSemi.IntegrationTests.Orchestrator.Schedules;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class ApprovalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_can_ask_for_a_person_before_every_promotion()
    {
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Configure = options => options.Lines["main"].Approval = LineOptions.Always });
        await Data.CommitAsync(platform.Blobs, "liver");
        var waiting = await platform.CycleAsync(1, CycleStates.AwaitingApproval);
        Assert.Contains("Line 'main' promotes nothing without a person. Promoted.", waiting.Reason, StringComparison.Ordinal);
        Assert.Empty(await platform.LedgerAsync());
        await platform.PostAsync<CycleView>(Routes.ApproveCycle(waiting.Id), new HumanAct("ann"));
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(1)).State);
        Assert.Equal("ann", Assert.Single(await platform.LedgerAsync()).Who);
    }

    [Fact]
    public async Task Where_nobody_decides_within_the_time_the_candidate_is_rejected_though_the_process_was_restarted()
    {
        var clock = new SetClock(ScheduleRig.Start);
        Task<TestPlatform> StartAsync() => TestPlatform.StartAsync(_folder, new()
        {
            Configure = options =>
        {
            options.Lines["main"].Approval = LineOptions.Always;
            options.ApprovalWithin = TimeSpan.FromDays(3);
            options.Lease = TimeSpan.FromDays(365);
        },
            Services = clock.Use
        });
        await using (var platform = await StartAsync())
        {
            await Data.CommitAsync(platform.Blobs, "liver");
            await platform.CycleAsync(1, CycleStates.AwaitingApproval);
        }
        clock.Advance(TimeSpan.FromDays(2));
        await using var next = await StartAsync();
        await next.LookedAsync();
        // The first look rings for everything, due or not.
        Assert.Equal(CycleStates.AwaitingApproval, (await next.CycleAsync(1, CycleStates.AwaitingApproval, CycleStates.Rejected)).State);
        clock.Advance(TimeSpan.FromDays(1));
        var over = await next.CycleAsync(1);

        Assert.Equal(CycleStates.Rejected, over.State);
        Assert.StartsWith("Nobody decided by 2026-01-08", over.Reason, StringComparison.Ordinal);
        Assert.Empty(await next.LedgerAsync());
    }
}
