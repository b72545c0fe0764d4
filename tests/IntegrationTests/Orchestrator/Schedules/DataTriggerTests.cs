using VerSemi.Domain.Triggers;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Schedules;

public sealed class DataTriggerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SetClock _clock = new(ScheduleRig.Start);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Data_below_the_threshold_waits_says_why_and_is_taken_together_once_there_is_enough()
    {
        await using var platform = await StartAsync(new TriggerPolicy(NewLabelled: 5, NewUnlabelled: 100, NewTask: false));
        await platform.CommitAsync("liver");
        await platform.CycleAsync(1);
        await platform.CommitAsync("liver", cases: 15, generation: 2);
        var waits = await WaitingAsync(platform, "3 labelled");
        await platform.CommitAsync("liver", cases: 16, generation: 3, unlabelled: 2);
        var still = await WaitingAsync(platform, "4 labelled and 2 unlabelled");
        await platform.CommitAsync("liver", cases: 18, generation: 4);
        var second = await platform.CycleAsync(2);

        Assert.Equal("3 labelled and 0 unlabelled cases, no new task so far; a cycle takes 5 labelled or 100 unlabelled cases", waits);
        Assert.Contains("4 labelled and 2 unlabelled cases", still, StringComparison.Ordinal);
        Assert.Equal(CycleStates.Completed, second.State);
        var rows = await platform.FiringsAsync("data");
        Assert.Equal([(true, "main-2"), (false, null), (false, null), (true, "main-1")], rows.Select(row => (row.Fired, row.Cycle)));
        Assert.Null((await platform.GetAsync<StatusView>(Routes.Status)).Lines[0].Waiting);
    }

    [Fact]
    public async Task The_same_no_is_recorded_once_also_by_the_next_process()
    {
        var policy = new TriggerPolicy(NewLabelled: 100, NewTask: false);
        await using (var platform = await StartAsync(policy))
        {
            await platform.CommitAsync("liver");
            await WaitingAsync(platform, "12 labelled");
            for (var look = 0; look < 3; look++)
                await platform.LookedAsync();
            Assert.Single(await platform.FiringsAsync("data"));
        }
        await using var next = await StartAsync(policy);
        await next.LookedAsync();
        await next.LookedAsync();
        Assert.Single(await next.FiringsAsync("data"));
    }

    [Fact]
    public async Task Cycles_keep_their_distance()
    {
        await using var platform = await StartAsync(new TriggerPolicy(MinimumDistance: TimeSpan.FromHours(6)));
        await platform.CommitAsync("liver");
        await platform.CycleAsync(1);
        await platform.CommitAsync("spleen");
        await WaitingAsync(platform, "the next may at");
        Assert.Single(await platform.GetAsync<List<CycleView>>(Routes.Cycles));
        _clock.Advance(TimeSpan.FromHours(7));
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(2)).State);
    }

    [Fact]
    public async Task A_month_whose_trainer_time_is_used_up_starts_no_cycle_but_a_person_does()
    {
        var script = new TrainerScript { BeforeWork = (lease, _) => { if (lease.Attempt == 1) _clock.Advance(TimeSpan.FromMinutes(30)); return Task.CompletedTask; } };
        await using var platform = await StartAsync(new TriggerPolicy(MonthlyTrainerMinutes: 20), script);
        await platform.CommitAsync("liver");
        await platform.CycleAsync(1);
        await platform.CommitAsync("spleen");
        await WaitingAsync(platform, "the month's budget of 20 trainer minutes");
        await platform.PostAsync<CycleView>(Routes.Cycles, new StartCycle("ann", "it cannot wait"));
        await platform.CycleAsync(2);
        await platform.CommitAsync("kidney");
        await Eventually.TrueAsync("the next no is recorded", async () => (await platform.FiringsAsync("data")).Count == 3, TestContext.Current.CancellationToken);
        _clock.Set(ScheduleRig.At("2026-02-01T00:00:00"));
        Assert.Equal(CycleStates.Completed, (await platform.CycleAsync(3)).State);
    }

    private Task<TestPlatform> StartAsync(TriggerPolicy policy, TrainerScript? script = null) =>
        ScheduleRig.StartAsync(_folder, _clock, options => options.Lines["main"].Trigger = policy, script);

    private static Task<string> WaitingAsync(TestPlatform platform, string words) => Eventually.GetAsync($"the status says '{words}'", async () =>
        (await platform.GetAsync<StatusView>(Routes.Status)).Lines[0].Waiting is { } why && why.Contains(words, StringComparison.Ordinal) ? why : null, TestContext.Current.CancellationToken);
}
