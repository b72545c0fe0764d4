using Microsoft.Extensions.Logging;
using VerSemi.GpuTrainer.Service;

namespace VerSemi.GpuTrainer.Tests.Service;

public sealed class LogTailTests
{
    [Fact]
    public async Task The_log_of_an_attempt_holds_its_own_lines_alone_whoever_logs_in_the_process_meanwhile()
    {
        using var tail = new LogTail(TimeProvider.System);
        var (trainer, ingest) = (tail.CreateLogger("VerSemi.GpuTrainer.Service.RunWork"), tail.CreateLogger("VerSemi.Ingest.Sweep"));
        var (begun, other) = (new TaskCompletionSource(), new TaskCompletionSource());
        trainer.LogInformation("before any run");

        var first = AttemptAsync(async () =>
        {
            trainer.LogInformation("run 1 begins");
            begun.SetResult();
            await other.Task;
            // As the trainer does it: on threads of its own.
            await Task.Factory.StartNew(() => trainer.LogInformation("run 1 ends"), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        });
        await begun.Task;
        ingest.LogInformation("drop liver: committed");
        var second = AttemptAsync(() =>
        {
            trainer.LogInformation("run 2 begins");
            return Task.CompletedTask;
        });
        await second;
        other.SetResult();

        Assert.Equal(["run 1 begins", "run 1 ends"], Lines(await first));
        Assert.Equal(["run 2 begins"], Lines(await second));

        async Task<string> AttemptAsync(Func<Task> work)
        {
            var lines = tail.Begin();
            await work();
            return lines.Text;
        }
    }

    [Fact]
    public void Only_the_last_lines_are_kept()
    {
        using var tail = new LogTail(TimeProvider.System);
        var lines = tail.Begin();
        for (var i = 0; i < 2 * AttemptLines.Most; i++)
            tail.CreateLogger("VerSemi").LogInformation("line {Number}", i);
        Assert.Equal((AttemptLines.Most, 2 * AttemptLines.Most), (Lines(lines.Text).Length, lines.Count));
        Assert.Equal($"line {2 * AttemptLines.Most - 1}", Lines(lines.Text)[^1]);
    }

    private static string[] Lines(string text) => [.. text.TrimEnd().Split('\n').Select(line => line.Split("Information ")[1])];
}
