using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DurableTask.TestWorker;

/// <summary>A client that repeats what it cannot know to be done, and a worker, killed at a chosen commit.</summary>
internal static class KillDrill
{
    public static async Task RunAsync(string store, string id, string? previous, bool before, int number)
    {
        using var host = TestHost.Build(store);
        await host.StartAsync();
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        if (previous is not null)
            await CompleteAsync(client, previous);
        host.Services.GetRequiredService<KillSwitch>().Arm(before, number);
        await CompleteAsync(client, id);
        Console.WriteLine("completed");
        // No orderly end: the drill is over.
        Environment.Exit(0);
    }

    private static async Task CompleteAsync(DurableTaskClient client, string id)
    {
        if (await client.GetInstanceAsync(id) is null)
            await client.ScheduleNewOrchestrationInstanceAsync(TestFlows.Drill, input: null, new StartOrchestrationOptions(id));
        if (await client.GetInstanceAsync(id) is { IsCompleted: false })
            await client.RaiseEventAsync(id, "go", "event");
        await client.WaitForInstanceCompletionAsync(id);
    }
}
