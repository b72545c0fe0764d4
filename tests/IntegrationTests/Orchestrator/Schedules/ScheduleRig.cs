using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Schedules;

/// <summary>A platform whose clock is the test's, and what the tests of schedules ask of it.</summary>
internal static class ScheduleRig
{
    public static readonly DateTimeOffset Start = At("2026-01-05T00:30:00");

    public static DateTimeOffset At(string utc) => DateTimeOffset.Parse($"{utc}Z", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>New data starts no cycle here unless the test says otherwise: only schedules and people do.</summary>
    public static Task<TestPlatform> StartAsync(TempFolder folder, SetClock clock, Action<OrchestratorOptions>? configure = null, TrainerScript? script = null, bool trainer = true) =>
        TestPlatform.StartAsync(folder, new()
        {
            Script = script,
            Configure = options =>
        {
            NoDataTriggers(options.Lines["main"]);
            // Hours pass at once here, and no worker is to lose its run by that.
            options.Lease = TimeSpan.FromDays(365);
            configure?.Invoke(options);
        },
            Trainer = trainer,
            Services = clock.Use
        });

    public static void NoDataTriggers(LineOptions line) => line.Trigger = new(NewLabelled: 1_000_000, NewUnlabelled: 1_000_000, NewTask: false);

    /// <param name="change">What is not as by default.</param>
    public static Task<ScheduleView> AddAsync(this TestPlatform platform, string name, string cron, Func<NewSchedule, NewSchedule>? change = null)
    {
        var schedule = new NewSchedule(name, cron, "ann");
        return platform.PostAsync<ScheduleView>(Routes.Schedules, change?.Invoke(schedule) ?? schedule);
    }

    public static Task<List<FiringView>> FiringsAsync(this TestPlatform platform, string schedule) => platform.GetAsync<List<FiringView>>($"{Routes.Firings}?schedule={schedule}");

    /// <summary>The firing, or non-firing, for this time, once it is what the test waits for.</summary>
    public static Task<FiringView> FiringAsync(this TestPlatform platform, string schedule, DateTimeOffset time, Func<FiringView, bool>? until = null) =>
        Eventually.GetAsync($"{schedule} for {time:u}", async () =>
            (await platform.FiringsAsync(schedule)).FirstOrDefault(row => row.ScheduledFor == time && until?.Invoke(row) != false), TestContext.Current.CancellationToken);

    /// <summary>Waits until the dataset is in the catalogue: before that there is nothing to train.</summary>
    public static async Task CommitAsync(this TestPlatform platform, string name, int cases = 12, int generation = 1, int unlabelled = 0)
    {
        var version = await Data.CommitAsync(platform.Blobs, name, cases, generation, unlabelled);
        await Eventually.TrueAsync($"{name}/{version} is known", async () =>
            (await platform.GetAsync<List<DatasetView>>(Routes.Datasets)).Any(dataset => dataset.Name == name && dataset.Version == version), TestContext.Current.CancellationToken);
    }

    /// <summary>The sweep has looked since: what could happen at this time of the clock, has.</summary>
    public static async Task LookedAsync(this TestPlatform platform)
    {
        // A schedule of its own, due now: the sweep takes schedules in the order of their times.
        var name = $"probe-{Guid.NewGuid():N}";
        await platform.AddAsync(name, "0 0 1 1 *");
        var probe = await platform.InDatabaseAsync(async db =>
        {
            var row = (await db.Schedules.FindAsync(name))!;
            (row.NextTime, row.NextDue, row.Paused) = (db.Clock.Now, db.Clock.Now, true);
            row.Version++;
            await db.SaveChangesAsync();
            return row.NextTime!.Value;
        });
        await Eventually.TrueAsync("the sweep has looked", async () => (await platform.FiringsAsync(name)).Count == 1, TestContext.Current.CancellationToken);
    }
}
