using System.Collections.Concurrent;
using Microsoft.DurableTask;

namespace DurableTask.TestWorker;

/// <summary>What the contract suite and the child processes run.</summary>
public static class TestFlows
{
    public const string Chain = "Chain";
    public const string Drill = "Drill";
    public const string Sequence = "Sequence";
    public const string FanOut = "FanOut";
    public const string Timers = "Timers";
    public const string Families = "Families";
    public const string SameChildTwice = "SameChildTwice";
    public const string Child = "Child";
    public const string Failing = "Failing";
    public const string Catching = "Catching";
    public const string Retrying = "Retrying";
    public const string Events = "Events";
    public const string Deadline = "Deadline";
    public const string Counter = "Counter";
    public const string Sender = "Sender";
    public const string Nested = "Nested";
    public const string Slow = "Slow";
    public const string CallsUnknown = "CallsUnknown";
    public const string Gated = "Gated";

    /// <summary>Calls of an activity or orchestrator in this process, by input.</summary>
    public static ConcurrentDictionary<string, int> Calls { get; } = new();

    /// <summary>Instances whose next turn blocks until the gate opens. Removed by the turn.</summary>
    public static ConcurrentDictionary<string, TaskCompletionSource> Gates { get; } = new();

    public static void Register(DurableTaskRegistry tasks)
    {
        RegisterActivities(tasks);
        RegisterSimple(tasks);
        RegisterChildren(tasks);
        RegisterEvents(tasks);
    }

    private static SubOrchestrationOptions WithId(string id) => new(instanceId: id);

    private static void RegisterActivities(DurableTaskRegistry tasks)
    {
        tasks.AddActivityFunc<string, string>("Echo", (_, input) => input);
        tasks.AddActivityFunc<string, string>("Fail", (_, input) =>
            Task.FromException<string>(new InvalidOperationException($"failed: {input}")));
        tasks.AddActivityFunc<string, int>("Count", (_, input) => Calls.AddOrUpdate(input, 1, (_, calls) => calls + 1));
        tasks.AddActivityFunc<string, string>("FailTwice", (_, input) =>
            Calls.AddOrUpdate(input, 1, (_, calls) => calls + 1) <= 2 ? throw new InvalidOperationException("not yet") : "third");
        // An effect that another process can count.
        tasks.AddActivityFunc<string, string>("Record", async (_, input) =>
        {
            await File.AppendAllTextAsync(Environment.GetEnvironmentVariable("EFFECTS")!, input + "\n");
            return input;
        });
    }

    private static void RegisterSimple(DurableTaskRegistry tasks)
    {
        tasks.AddOrchestratorFunc<int, int>(Chain, async (context, steps) =>
        {
            for (var i = 0; i < steps; i++)
                await context.CallActivityAsync<string>("Echo", $"{i}");
            return steps;
        });
        tasks.AddOrchestratorFunc<string[], string>(Sequence, async (context, steps) =>
        {
            var results = new List<string>();
            foreach (var step in steps)
            {
                context.SetCustomStatus(step);
                results.Add(await context.CallActivityAsync<string>("Echo", step));
            }
            return string.Join(' ', results);
        });
        tasks.AddOrchestratorFunc<int, string>(FanOut, async (context, count) =>
        {
            var calls = Enumerable.Range(0, count).Select(i => context.CallActivityAsync<string>("Echo", $"{i}"));
            return string.Join(' ', await Task.WhenAll(calls));
        });
        tasks.AddOrchestratorFunc<int[], string>(Timers, async (context, milliseconds) =>
        {
            var begun = context.CurrentUtcDateTime;
            var fired = new List<string>();
            await Task.WhenAll(milliseconds.Select(async pause =>
            {
                await context.CreateTimer(begun.AddMilliseconds(pause), CancellationToken.None);
                fired.Add(context.CurrentUtcDateTime < begun.AddMilliseconds(pause) ? $"{pause} (early)" : $"{pause}");
            }));
            return string.Join(' ', fired);
        });
        tasks.AddOrchestratorFunc<string, string>(Retrying, (context, input) =>
            context.CallActivityAsync<string>("FailTwice", input, new TaskOptions(new RetryPolicy(5, TimeSpan.FromMilliseconds(10)))));
        tasks.AddOrchestratorFunc<string, string>(Failing, (context, input) => context.CallActivityAsync<string>("Fail", input));
        tasks.AddOrchestratorFunc<string, string>(Gated, async (context, input) =>
        {
            // Deliberately outside the rules: it holds a turn's lock.
            if (Gates.TryRemove(context.InstanceId, out var gate))
                gate.Task.Wait();
            var calls = await context.CallActivityAsync<int>("Count", input);
            return $"{input} {calls}";
        });
    }

    private static void RegisterChildren(DurableTaskRegistry tasks)
    {
        tasks.AddOrchestratorFunc<string, string>(Child, (context, input) => context.CallActivityAsync<string>("Echo", input));
        tasks.AddOrchestratorFunc<string[], string>(Families, async (context, names) =>
        {
            var calls = names.Select(name => context.CallSubOrchestratorAsync<string>(Child, name, WithId($"{context.InstanceId}-{name}")));
            return string.Join(' ', await Task.WhenAll(calls));
        });
        tasks.AddOrchestratorFunc<string, string>(SameChildTwice, async (context, child) =>
        {
            var first = await context.CallSubOrchestratorAsync<string>(Child, "first", WithId(child));
            return $"{first} {await context.CallSubOrchestratorAsync<string>(Child, "second", WithId(child))}";
        });
        // Input: orchestrator and id of the child, "Failing x".
        tasks.AddOrchestratorFunc<string, string>(Catching, async (context, input) =>
        {
            try
            {
                return await context.CallSubOrchestratorAsync<string>(input.Split(' ')[0], "x", WithId(input.Split(' ')[1]));
            }
            catch (TaskFailedException e)
            {
                return $"caught {e.FailureDetails.ErrorMessage}";
            }
        });
        // As deep as the input says; the deepest waits.
        tasks.AddOrchestratorFunc<int, string>(Nested, (context, depth) => depth == 0
            ? context.WaitForExternalEvent<string>("go")
            : context.CallSubOrchestratorAsync<string>(Nested, depth - 1, WithId($"{context.InstanceId}.{depth - 1}")));
        tasks.AddOrchestratorFunc<string, string>(CallsUnknown, (context, child) =>
            context.CallSubOrchestratorAsync<string>("NotRegistered", "x", WithId(child)));
    }

    private static void RegisterEvents(DurableTaskRegistry tasks)
    {
        tasks.AddOrchestratorFunc<int, string>(Events, async (context, count) =>
        {
            await context.CallActivityAsync<string>("Echo", "before the wait");
            var heard = new List<string>();
            for (var i = 0; i < count; i++)
                heard.Add(await context.WaitForExternalEvent<string>("go"));
            return string.Join(' ', heard);
        });
        tasks.AddOrchestratorFunc<int, string>(Deadline, async (context, milliseconds) =>
        {
            using var over = new CancellationTokenSource();
            var deadline = context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds), over.Token);
            var decided = context.WaitForExternalEvent<string>("go");
            if (await Task.WhenAny(decided, deadline) == deadline)
                return "too late";
            // Not CancelAsync: it continues on another thread, for which a turn does not wait.
            over.Cancel();
            return await decided;
        });
        // Counts events across executions, one each.
        tasks.AddOrchestratorFunc<string, string>(Counter, async (context, sum) =>
        {
            var next = sum + await context.WaitForExternalEvent<string>("add");
            if (next.Length < 5)
                context.ContinueAsNew(next);
            return next;
        });
        tasks.AddOrchestratorFunc<string, string>(Sender, (context, receiver) =>
        {
            context.SendEvent(receiver, "go", $"from {context.InstanceId}");
            return Task.FromResult("sent");
        });
        tasks.AddOrchestratorFunc<string, string>(Slow, async (context, step) =>
        {
            await context.CallActivityAsync<string>("Record", $"{context.InstanceId}/first");
            await context.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
            return await context.CallActivityAsync<string>("Record", $"{context.InstanceId}/{step}");
        });
        tasks.AddOrchestratorFunc<string?, string>(Drill, async (context, _) =>
        {
            await context.CallActivityAsync<string>("Record", $"{context.InstanceId}/a");
            await context.CallSubOrchestratorAsync<string>(Slow, "c", WithId($"{context.InstanceId}-child"));
            return await context.WaitForExternalEvent<string>("go");
        });
    }
}
