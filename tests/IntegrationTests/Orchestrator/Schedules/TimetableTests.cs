using System.Net;
using System.Net.Http.Json;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;
using VerSemi.Orchestrator.Schedules;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator.Schedules;

public sealed class TimetableTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Berlin: 2026-03-29 02:00 becomes 03:00; 2026-10-25 03:00 becomes 02:00.
    [Theory]
    [InlineData("2026-03-27T12:00:00", "30 2 * * *", new[] { "2026-03-28T01:30:00", "2026-03-29T01:00:00", "2026-03-30T00:30:00" })]
    [InlineData("2026-10-23T12:00:00", "30 2 * * *", new[] { "2026-10-24T00:30:00", "2026-10-25T00:30:00", "2026-10-26T01:30:00" })]
    [InlineData("2026-03-28T22:30:00", "0 * * * *", new[] { "2026-03-28T23:00:00", "2026-03-29T00:00:00", "2026-03-29T01:00:00" })]
    [InlineData("2026-10-24T22:30:00", "0 * * * *", new[] { "2026-10-24T23:00:00", "2026-10-25T00:00:00", "2026-10-25T01:00:00" })]
    public async Task A_change_of_the_clock_neither_loses_nor_doubles_a_time(string now, string cron, string[] expected)
    {
        var clock = new SetClock(ScheduleRig.At(now));
        await using var platform = await ScheduleRig.StartAsync(_folder, clock, trainer: false);
        var view = await platform.AddAsync("nightly", cron, schedule => schedule with { TimeZone = "Europe/Berlin" });
        foreach (var time in expected.Select(ScheduleRig.At))
        {
            clock.Set(time);
            await platform.FiringAsync("nightly", time);
        }

        Assert.Equal(expected.Select(ScheduleRig.At), view.Next.Take(3));
        Assert.Equal(expected.Length, (await platform.FiringsAsync("nightly")).Count);
    }

    [Theory]
    [InlineData("*/5 * * * * *")]
    [InlineData("0 0 2 * * *")]
    [InlineData("  0 0 2 * *   1 ")]
    [InlineData("@every_second")]
    public void Seconds_are_refused(string cron) => Assert.Contains("seconds are not possible", Timetable.Error(cron, "UTC"), StringComparison.Ordinal);

    [Fact]
    public async Task Jitter_is_the_same_for_a_name_and_a_time_and_another_for_others()
    {
        var clock = new SetClock(ScheduleRig.Start);
        await using var platform = await ScheduleRig.StartAsync(_folder, clock, trainer: false);
        var one = await platform.AddAsync("one", "0 * * * *", schedule => schedule with { JitterSeconds = 600 });
        var two = await platform.AddAsync("two", "0 * * * *", schedule => schedule with { JitterSeconds = 600 });
        await Delete(platform, "one");
        var again = await platform.AddAsync("one", "0 * * * *", schedule => schedule with { JitterSeconds = 600 });

        Assert.Equal(one.Next, again.Next);
        Assert.NotEqual(one.Next, two.Next);
        Assert.Equal(5, one.Next.Select(due => due.Minute * 60 + due.Second).Distinct().Count());
        Assert.All(one.Next, due => Assert.InRange(due.TimeOfDay.TotalSeconds % 3600, 0, 600));
        clock.Set(one.Next[0].AddMinutes(-1));
        await platform.LookedAsync();
        Assert.Empty(await platform.FiringsAsync("one"));
        clock.Set(one.Next[0]);
        await platform.FiringAsync("one", ScheduleRig.At("2026-01-05T01:00:00"));
    }

    [Fact]
    public async Task The_settings_win_by_name_and_what_a_person_made_stays()
    {
        var clock = new SetClock(ScheduleRig.Start);
        await using (var platform = await ScheduleRig.StartAsync(_folder, clock, options =>
        {
            options.Schedules["weekly"] = new ScheduleOptions { Cron = "0 3 * * 0", TimeZone = "Europe/Berlin" };
            options.Schedules["old"] = new ScheduleOptions { Cron = "0 4 * * 0" };
        }, trainer: false))
        {
            await platform.AddAsync("mine", "0 5 * * *");
            await platform.AddAsync("nightly", "0 6 * * *");
            await platform.PostAsync<ScheduleView>(Routes.PauseSchedule("weekly"), new HumanAct("ann"));
            using var refused = await platform.Http.DeleteAsync($"{Routes.Schedule("weekly")}?who=ann", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        }
        await using var next = await ScheduleRig.StartAsync(_folder, clock, options =>
        {
            options.Schedules["weekly"] = new ScheduleOptions { Cron = "0 2 * * 0", TimeZone = "Europe/Berlin" };
            options.Schedules["nightly"] = new ScheduleOptions { Cron = "0 1 * * *" };
        }, trainer: false);

        var rows = await next.GetAsync<List<ScheduleView>>(Routes.Schedules);
        Assert.Equal(["mine 0 5 * * * ann", "nightly 0 1 * * * settings", "weekly 0 2 * * 0 settings"], rows.Select(row => $"{row.Name} {row.Cron} {row.Origin}"));
        Assert.Equal("ann", rows[2].PausedBy);
        Assert.Equal(ScheduleRig.At("2026-01-11T01:00:00"), rows[2].Next[0]);
    }

    [Theory]
    [InlineData("Nightly", "0 1 * * *", "UTC", "the name 'Nightly'")]
    [InlineData("data", "0 1 * * *", "UTC", "the name 'data'")]
    [InlineData("nightly", "61 1 * * *", "UTC", "Cron is '61 1 * * *'")]
    [InlineData("nightly", "0 1 30 2 *", "UTC", "never comes")]
    [InlineData("nightly", "0 1 * * *", "Europe/Bonn", "TimeZone is 'Europe/Bonn'")]
    public async Task A_faulty_schedule_is_refused_by_its_fault(string name, string cron, string zone, string fault)
    {
        await using var platform = await ScheduleRig.StartAsync(_folder, new SetClock(ScheduleRig.Start), trainer: false);
        using var answer = await platform.Http.PostAsJsonAsync(Routes.Schedules, new NewSchedule(name, cron, "ann", TimeZone: zone), DomainJson.Canonical, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(fault, (await answer.Content.ReadFromJsonAsync<Dictionary<string, object>>(TestContext.Current.CancellationToken))!["detail"].ToString(), StringComparison.Ordinal);
    }

    private static async Task Delete(TestPlatform platform, string name)
    {
        using var answer = await platform.Http.DeleteAsync($"{Routes.Schedule(name)}?who=ann", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}
