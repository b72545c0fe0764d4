using Microsoft.Extensions.Options;
using VerSemi.Orchestrator;
using VerSemi.TestKit;

namespace VerSemi.IntegrationTests.Orchestrator;

public sealed class OptionsTests
{
    [Fact]
    public async Task Every_fault_of_the_options_is_reported_at_once_before_anything_starts()
    {
        using var folder = new TempFolder();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPlatform.StartAsync(folder, new()
        {
            Configure = options =>
        {
            options.Database.File = "";
            options.Heartbeat = TimeSpan.FromMinutes(5);
            options.SpotAttempts = -1;
            options.Lines["Main Line"] = new LineOptions { Recipe = "no-such-recipe" };
        }
        }));
        Assert.Equal(5, error.Failures.Count());
        Assert.Contains(error.Failures, failure => failure.Contains("no-such-recipe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task So_is_every_fault_of_schedules_triggers_approval_and_webhook()
    {
        using var folder = new TempFolder();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPlatform.StartAsync(folder, new()
        {
            Configure = options =>
        {
            options.ApprovalWithin = TimeSpan.Zero;
            options.Lines["main"].Approval = "never";
            options.Lines["main"].Trigger = new(NewLabelled: 0);
            options.Schedules["nightly"] = new() { Cron = "soon", Line = "other", Overlap = "both", CatchUp = "all", Jitter = TimeSpan.FromDays(2) };
            (options.Webhook.Url, options.Webhook.Secret) = ("http://example.org/hook", "whsec_c2hvcnQ=");
            options.Webhook.Events.Add("cycle.done");
        }
        }));
        string[] expected =
        [
            "Orchestrator:ApprovalWithin", "Orchestrator:Webhook:Url", "Orchestrator:Webhook:Secret", "Orchestrator:Webhook:Events",
            "Orchestrator:Schedules:nightly: Line", "Orchestrator:Schedules:nightly: Cron", "Orchestrator:Schedules:nightly: Overlap", "Orchestrator:Schedules:nightly: CatchUp",
            "Orchestrator:Schedules:nightly: Jitter", "Orchestrator:Lines:main:Trigger", "Orchestrator:Lines:main:Approval",
        ];
        Assert.Equal(expected.Length, error.Failures.Count());
        Assert.All(expected, start => Assert.Contains(error.Failures, failure => failure.StartsWith(start, StringComparison.Ordinal)));
        Assert.DoesNotContain(error.Failures, failure => failure.Contains("c2hvcnQ", StringComparison.Ordinal));
    }
}
