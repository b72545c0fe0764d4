using System.Diagnostics;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace DurableTask.EntityFramework.Hosting;

/// <summary>
/// A client of the registered <see cref="IOrchestrationServiceClient"/>, whichever provider that is. The build target of
/// AddDurableTaskClient in the place of UseGrpc.
/// </summary>
public sealed partial class OrchestrationClient(
    string name, IOptionsMonitor<DurableTaskClientOptions> options, IOrchestrationServiceClient service, TimeProvider time)
    : DurableTaskClient(name)
{
    private static readonly TimeSpan StartPoll = TimeSpan.FromMilliseconds(100);

    private DataConverter Converter => options.Get(Name).DataConverter;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        var instance = new OrchestrationInstance { InstanceId = id, ExecutionId = Guid.NewGuid().ToString("N") };
        var start = new ExecutionStartedEvent(-1, Converter.Serialize(input))
        {
            Name = orchestratorName.Name,
            Version = options?.Version?.Version ?? "",
            OrchestrationInstance = instance,
            ScheduledStartTime = options?.StartAt?.UtcDateTime,
            Tags = options?.Tags.ToDictionary() ?? [],
            ParentTraceContext = Activity.Current is { Id: { } trace } current ? new(trace, current.TraceStateString) : null,
        };
        var kept = options?.DedupeStatuses is { Count: > 0 } statuses
            ? statuses.Select(status => Enum.Parse<OrchestrationStatus>(status, ignoreCase: true)).ToArray()
            : Metadata.NotEnded;
        await service.CreateTaskOrchestrationAsync(new TaskMessage { OrchestrationInstance = instance, Event = start }, kept);
        return id;
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new EventRaisedEvent(-1, Converter.Serialize(eventPayload)) { Name = eventName });

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionSuspendedEvent(-1, reason));

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new ExecutionResumedEvent(-1, reason));

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        options is { Recursive: true }
            ? Hierarchy.TerminateAsync(instanceId, Converter.Serialize(options.Output), recursive: true)
            : service.ForceTerminateTaskOrchestrationAsync(instanceId, Converter.Serialize(options?.Output));

    public override async Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        while (true)
        {
            var found = await GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation) ?? throw Unknown(instanceId);
            if (found.RuntimeStatus != OrchestrationRuntimeStatus.Pending)
                return found;
            await Task.Delay(StartPoll, time, cancellation);
        }
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        if (await GetInstancesAsync(instanceId, false, cancellation) is null)
            throw Unknown(instanceId);
        var end = await service.WaitForOrchestrationAsync(instanceId, null, TimeSpan.MaxValue, cancellation);
        return Metadata.Of(end, getInputsAndOutputs ? Converter : null);
    }

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        await service.GetOrchestrationStateAsync(instanceId, false) is [{ } state, ..]
            ? Metadata.Of(state, getInputsAndOutputs ? Converter : null)
            : null;

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        Hierarchy.HistoryAsync(instanceId);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IHierarchyClient Hierarchy => As<IHierarchyClient>();

    private T As<T>() where T : class => service as T
        ?? throw new NotSupportedException($"{service.GetType().Name} does not support this: it is no {typeof(T).Name}.");

    private static InvalidOperationException Unknown(string id) => new($"There is no orchestration with the instance id '{id}'.");

    private Task SendAsync(string id, HistoryEvent happened) => service.SendTaskOrchestrationMessageAsync(
        new TaskMessage { OrchestrationInstance = new OrchestrationInstance { InstanceId = id }, Event = happened });
}
