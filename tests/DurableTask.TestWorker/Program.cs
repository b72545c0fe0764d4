using System.Globalization;
using DurableTask.TestWorker;
using Microsoft.Extensions.Hosting;

// STORE work                                    executes until it is stopped
// STORE drill ID PREVIOUS before|after N        completes PREVIOUS ("-": none), then starts ID and kills itself at its N-th commit
// STORE bench INSTANCES STEPS                   prints activities per second
// STORE is sqlite:FILE, postgres:CONNECTION or azure:HUB:CONNECTION.
switch (args)
{
    case [var store, "work"]:
        using (var host = TestHost.Build(store))
        {
            await host.StartAsync();
            Console.WriteLine("working");
            await host.WaitForShutdownAsync();
        }
        return 0;
    case [var store, "drill", var id, var previous, "before" or "after", var number]:
        await KillDrill.RunAsync(store, id, previous == "-" ? null : previous, args[4] == "before", int.Parse(number, CultureInfo.InvariantCulture));
        return 0;
    case [var store, "bench", var instances, var steps]:
        await Bench.RunAsync(store, int.Parse(instances, CultureInfo.InvariantCulture), int.Parse(steps, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("Usage: DurableTask.TestWorker STORE work | drill ID PREVIOUS before|after N | bench INSTANCES STEPS");
        return 2;
}
