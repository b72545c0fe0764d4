using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Schedules;

public sealed class CronTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SetClock _clock = new(ScheduleRig.Start);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_time_that_is_due_starts_a_cycle_and_the_same_data_again_is_a_run_of_its_own()
    {
        await using var platform = await ScheduleRig.StartAsync(_folder, _clock);
        await platform.CommitAsync("liver");
        await platform.AddAsync("hourly", "0 * * * *");

        _clock.Set(ScheduleRig.At("2026-01-05T01:00:00"));
        var first = await platform.CycleAsync(1);
        _clock.Set(ScheduleRig.At("2026-01-05T02:00:01"));
        var second = await platform.CycleAsync(2);

        Assert.Equal((CycleStates.Completed, "schedule hourly"), (first.State, first.StartedBy));
        Assert.Equal(first.Datasets, second.Datasets);
        Assert.NotEqual(first.Run, second.Run);
        var firing = await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T02:00:00"), row => row.Cycle is not null);
        Assert.Equal((true, "on time", second.Id), (firing.Fired, firing.Reason, firing.Cycle));
    }

    [Fact]
    public async Task A_firing_whose_message_was_lost_with_its_process_still_becomes_one_cycle()
    {
        var time = ScheduleRig.At("2026-01-05T01:00:00");
        await using (var platform = await ScheduleRig.StartAsync(_folder, _clock))
        {
            await platform.CommitAsync("liver");
            await platform.AddAsync("hourly", "0 * * * *");
            // What a process leaves that dies between its SaveChanges and its message.
            await platform.InDatabaseAsync(async db =>
            {
                var row = (await db.Schedules.FindAsync("hourly"))!;
                (row.LastFired, row.NextTime, row.NextDue) = (time, time.AddHours(1), time.AddHours(1));
                row.Version++;
                db.Firings.Add(new() { Schedule = "hourly", Line = "main", Key = "2026-01-05T01:00:00Z", ScheduledFor = time, At = time, Fired = true, Reason = "on time" });
                return await db.SaveChangesAsync();
            });
        }
        await using var next = await ScheduleRig.StartAsync(_folder, _clock);
        var cycle = await next.CycleAsync(1);
        Assert.Equal(CycleStates.Completed, cycle.State);
        Assert.Equal(cycle.Id, (await next.FiringAsync("hourly", time, row => row.Cycle is not null)).Cycle);
    }

    [Fact]
    public async Task While_a_cycle_is_active_a_time_is_skipped()
    {
        var gate = new TaskCompletionSource();
        await using var platform = await ScheduleRig.StartAsync(_folder, _clock, script: new TrainerScript { BeforeWork = (_, stop) => gate.Task.WaitAsync(stop) });
        await platform.CommitAsync("liver");
        await platform.AddAsync("hourly", "0 * * * *");
        _clock.Set(ScheduleRig.At("2026-01-05T01:00:00"));
        await platform.CycleAsync(1, CycleStates.Training);
        _clock.Set(ScheduleRig.At("2026-01-05T02:00:00"));
        var skipped = await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T02:00:00"));
        gate.SetResult();
        await platform.CycleAsync(1);
        await platform.LookedAsync();

        Assert.Equal((false, "skipped: cycle main-1 is Training"), (skipped.Fired, skipped.Reason));
        Assert.Single(await platform.GetAsync<List<CycleView>>(Routes.Cycles));
    }

    [Fact]
    public async Task A_queue_fires_once_the_cycle_has_ended_and_later_times_collapse_into_it()
    {
        var gate = new TaskCompletionSource();
        await using var platform = await ScheduleRig.StartAsync(_folder, _clock, script: new TrainerScript { BeforeWork = (_, stop) => gate.Task.WaitAsync(stop) });
        await platform.CommitAsync("liver");
        await platform.AddAsync("hourly", "0 * * * *", schedule => schedule with { Overlap = "queue" });
        _clock.Set(ScheduleRig.At("2026-01-05T01:00:00"));
        await platform.CycleAsync(1, CycleStates.Training);
        await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T01:00:00"), row => row.Cycle is not null);
        _clock.Set(ScheduleRig.At("2026-01-05T02:00:00"));
        var queued = await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T02:00:00"));
        _clock.Set(ScheduleRig.At("2026-01-05T03:00:00"));
        var collapsed = await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T03:00:00"));
        gate.SetResult();
        await platform.CycleAsync(2);
        var fired = await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T02:00:00"), row => row.Cycle is not null);
        await platform.LookedAsync();

        Assert.Equal((true, "on time; queued behind cycle main-1 is Training", null), (queued.Fired, queued.Reason, queued.Cycle));
        Assert.Equal("main-2", fired.Cycle);
        Assert.False(collapsed.Fired);
        Assert.Contains("collapsed into the firing of 2026-01-05 02:00:00Z", collapsed.Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).Count);
    }

    [Theory]
    [InlineData("none", false, "missed")]
    [InlineData("one", true, "caught up")]
    public async Task Of_times_that_passed_while_nothing_ran_at_most_the_last_fires(string catchUp, bool fires, string reason)
    {
        await using (var before = await ScheduleRig.StartAsync(_folder, _clock, trainer: false))
        {
            await before.CommitAsync("liver");
            await before.AddAsync("hourly", "0 * * * *", schedule => schedule with { CatchUp = catchUp });
        }
        _clock.Set(ScheduleRig.At("2026-01-05T06:30:00"));
        await using var platform = await ScheduleRig.StartAsync(_folder, _clock);
        var last = await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T06:00:00"));
        if (fires)
            await platform.CycleAsync(1);
        await platform.LookedAsync();

        Assert.Equal(fires, last.Fired);
        Assert.StartsWith(reason, last.Reason, StringComparison.Ordinal);
        var earlier = (await platform.FiringsAsync("hourly")).Single(row => row.ScheduledFor != last.ScheduledFor);
        Assert.Equal((false, "superseded by 2026-01-05 06:00:00Z: 5 times from 2026-01-05 01:00:00Z on passed while nobody looked"), (earlier.Fired, earlier.Reason));
        Assert.Equal(fires ? 1 : 0, (await platform.GetAsync<List<CycleView>>(Routes.Cycles)).Count);
    }

    [Fact]
    public async Task A_schedule_of_every_minute_that_was_off_for_a_year_goes_on_at_once()
    {
        await using (var before = await ScheduleRig.StartAsync(_folder, _clock, trainer: false))
            await before.AddAsync("busy", "* * * * *");
        _clock.Set(ScheduleRig.At("2027-01-05T00:30:00"));
        await using var platform = await ScheduleRig.StartAsync(_folder, _clock, trainer: false);
        await Eventually.TrueAsync("a time of now fires", async () =>
            (await platform.FiringsAsync("busy")).Any(row => row.ScheduledFor >= ScheduleRig.At("2027-01-05T00:30:00")), TestContext.Current.CancellationToken);

        var rows = await platform.FiringsAsync("busy");
        Assert.Single(rows, row => row.Reason.Contains("1000 times or more", StringComparison.Ordinal));
        Assert.InRange(rows.Count, 2, 60);
    }

    [Fact]
    public async Task A_paused_schedule_records_its_times_and_fires_none_until_it_is_resumed()
    {
        await using var platform = await ScheduleRig.StartAsync(_folder, _clock);
        await platform.CommitAsync("liver");
        await platform.AddAsync("hourly", "0 * * * *");
        var paused = await platform.PostAsync<ScheduleView>(Routes.PauseSchedule("hourly"), new HumanAct("bob", "the GPU is lent"));
        _clock.Set(ScheduleRig.At("2026-01-05T01:00:00"));
        var silent = await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T01:00:00"));
        await platform.PostAsync<ScheduleView>(Routes.ResumeSchedule("hourly"), new HumanAct("bob"));
        _clock.Set(ScheduleRig.At("2026-01-05T02:00:00"));
        var cycle = await platform.CycleAsync(1);

        Assert.Equal("bob", paused.PausedBy);
        Assert.Equal((false, "paused by bob"), (silent.Fired, silent.Reason));
        Assert.Equal(CycleStates.Completed, cycle.State);
        var timeline = (await platform.GetAsync<ScheduleDetail>(Routes.Schedule("hourly"))).Timeline;
        Assert.Equal(["created", "paused", "resumed"], timeline.Select(row => row.Event));
    }

    [Fact]
    public async Task Without_labelled_data_a_time_says_that_there_is_nothing_to_train()
    {
        await using var platform = await ScheduleRig.StartAsync(_folder, _clock);
        await platform.AddAsync("hourly", "0 * * * *");
        _clock.Set(ScheduleRig.At("2026-01-05T01:00:00"));
        var firing = await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T01:00:00"));
        Assert.Equal((false, "nothing to train: there is no dataset yet"), (firing.Fired, firing.Reason));
    }

    [Fact]
    public async Task The_months_budget_holds_for_schedules_until_the_month_is_over()
    {
        var script = new TrainerScript { BeforeWork = (lease, _) => { if (lease.Attempt == 1) _clock.Advance(TimeSpan.FromMinutes(10)); return Task.CompletedTask; } };
        await using var platform = await ScheduleRig.StartAsync(_folder, _clock, options =>
            options.Lines["main"].Trigger = options.Lines["main"].Trigger with { MonthlyTrainerMinutes = 10 }, script);
        await platform.CommitAsync("liver");
        await platform.AddAsync("hourly", "0 * * * *");
        _clock.Set(ScheduleRig.At("2026-01-05T01:00:00"));
        await platform.CycleAsync(1);
        _clock.Set(ScheduleRig.At("2026-01-05T02:00:00"));
        var over = await platform.FiringAsync("hourly", ScheduleRig.At("2026-01-05T02:00:00"));
        _clock.Set(ScheduleRig.At("2026-02-01T00:00:00"));
        await platform.CycleAsync(2);

        Assert.False(over.Fired);
        Assert.StartsWith("the month's budget of 10 trainer minutes is used up: 10", over.Reason, StringComparison.Ordinal);
        Assert.True((await platform.FiringAsync("hourly", ScheduleRig.At("2026-02-01T00:00:00"))).Fired);
    }
}
