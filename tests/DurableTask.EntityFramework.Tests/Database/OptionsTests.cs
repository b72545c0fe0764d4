using DurableTask.TestWorker;
using Microsoft.Extensions.Options;
using VerSemi.TestKit;

namespace DurableTask.EntityFramework.Tests.Database;

public class OptionsTests
{
    [Fact]
    public async Task Every_option_outside_its_range_is_named_when_the_host_starts()
    {
        using var folder = new TempFolder();
        using var host = TestHost.Build($"sqlite:{folder["a.db"]}", options =>
            (options.MaxConcurrentActivities, options.MaxAttempts, options.LockDuration) = (0, 101, TimeSpan.FromSeconds(1)));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(3, error.Failures.Count());
        Assert.Contains("EntityFrameworkOptions.LockDuration is 00:00:01; it must be between 00:00:15 and 01:00:00.", error.Failures);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 8)]
    [InlineData(40, 60)]
    public void The_pause_doubles_up_to_its_limit(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new EntityFrameworkOptions().PauseAfter(failures));
}
