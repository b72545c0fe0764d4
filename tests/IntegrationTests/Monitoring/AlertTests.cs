using System.Diagnostics;
using System.Text.RegularExpressions;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Monitoring;

/// <summary>The alert rules by Prometheus' own tool, and what each alert must have.</summary>
public sealed partial class AlertTests : IDisposable
{
    private static readonly string Tests = Repository.PathOf("tests", "IntegrationTests", "Monitoring", "alerts.test.yaml");
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prometheus_accepts_the_rules()
    {
        Write(TestKit.Monitoring.Rules());
        Assert.Contains($"SUCCESS: {Alerts().Count} rules found", await PromtoolAsync("check", "rules", _folder["rules.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_alert_fires_when_it_should_and_else_stays_silent()
    {
        Write(TestKit.Monitoring.Rules());
        Assert.Contains("SUCCESS", await PromtoolAsync("test", "rules", _folder["alerts.test.yaml"]), StringComparison.Ordinal);
        var tested = await File.ReadAllTextAsync(Tests, TestContext.Current.CancellationToken);
        foreach (var name in Alerts().Select(alert => alert.Name).Distinct())
        {
            Assert.True(Regex.IsMatch(tested, $@"alertname: {name}\s+eval_time: \S+\s+exp_alerts:\s+- exp_labels"), $"Nothing makes {name} fire.");
            Assert.True(Regex.IsMatch(tested, $@"alertname: {name}, eval_time: \S+, exp_alerts: \[\]"), $"Nothing shows that {name} stays silent.");
        }
    }

    [Fact]
    public async Task Rules_that_never_fire_are_found_out()
    {
        Write(Regex.Replace(TestKit.Monitoring.Rules(), "> 0\n", "> 1000000\n"));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => PromtoolAsync("test", "rules", _folder["alerts.test.yaml"]));
        Assert.Contains("VerSemiDeadLetters", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_alert_has_its_words_and_a_runbook_that_says_what_it_means_and_how_to_mend_it()
    {
        var alerts = Alerts();
        Assert.True(alerts.Count >= 9, $"{alerts.Count} alerts");
        foreach (var (name, text) in alerts)
        {
            foreach (var part in new[] { "severity: ", "summary: ", "description: ", "runbook_url: " })
                Assert.True(text.Contains(part, StringComparison.Ordinal), $"{name} has no {part}");
            var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, RunbookUrl().Match(text).Groups[1].Value), TestContext.Current.CancellationToken);
            Assert.Contains($"Alert `{name}`", page, StringComparison.Ordinal);
            Assert.Equal(["What it means", "What to look at", "How to mend it", "How to see that it is mended"], Heading().Matches(page).Select(match => match.Groups[1].Value));
        }
    }

    private void Write(string rules)
    {
        File.WriteAllText(_folder["rules.yaml"], rules);
        File.Copy(Tests, _folder["alerts.test.yaml"]);
    }

    private static Task<string> PromtoolAsync(params string[] arguments) =>
        TestServers.RunAsync(new ProcessStartInfo(TestServers.RequireProgram("promtool"), arguments), TestContext.Current.CancellationToken);

    private static List<(string Name, string Text)> Alerts() =>
        [.. AlertBlock().Matches(TestKit.Monitoring.Rules()).Select(match => (match.Groups[1].Value, match.Value))];

    [GeneratedRegex(@"- alert: (\S+)\n(?:(?!\s+- alert).*\n)+")]
    private static partial Regex AlertBlock();

    [GeneratedRegex(@"runbook_url: (\S+)")]
    private static partial Regex RunbookUrl();

    [GeneratedRegex(@"^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
