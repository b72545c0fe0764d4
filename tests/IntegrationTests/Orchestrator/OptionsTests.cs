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
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPlatform.StartAsync(folder, configure: options =>
        {
            options.Database = "";
            options.Heartbeat = TimeSpan.FromMinutes(5);
            options.Lines["Main Line"] = new LineOptions { Recipe = "no-such-recipe" };
        }));
        Assert.Equal(4, error.Failures.Count());
        Assert.Contains(error.Failures, failure => failure.Contains("no-such-recipe", StringComparison.Ordinal));
    }
}
