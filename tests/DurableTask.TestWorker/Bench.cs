using System.Diagnostics;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DurableTask.TestWorker;

/// <summary>Activities per second of one process: instances side by side, each a chain of activities that do nothing.</summary>
public static class Bench
{
    public static async Task RunAsync(string store, int instances, int steps)
    {
        using var host = TestHost.Build(store);
        await host.StartAsync();
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        foreach (var round in new[] { "cold", "warm" })
        {
            var (begun, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var starts = Enumerable.Range(0, instances).Select(_ => client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Chain, input: steps));
            var ids = await Task.WhenAll(starts);
            foreach (var id in ids)
                await client.WaitForInstanceCompletionAsync(id);
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var activities = instances * steps;
            var milliseconds = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / activities;
            Console.WriteLine(FormattableString.Invariant(
                $"{round}: {activities} activities in {seconds:0.0} s, {activities / seconds:0} per second, {milliseconds:0.0} ms of processor time each"));
        }
        await host.StopAsync();
    }
}
