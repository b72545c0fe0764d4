using DurableTask.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using PurgeResult = Microsoft.DurableTask.Client.PurgeResult;

namespace DurableTask.EntityFramework.Hosting;

/// <summary>DurableTask.Core's records as Microsoft.DurableTask's.</summary>
internal static class Metadata
{
    public static OrchestrationStatus[] NotEnded { get; } =
        [OrchestrationStatus.Running, OrchestrationStatus.Pending, OrchestrationStatus.Suspended];

    /// <param name="converter">Null: inputs and outputs were not asked for.</param>
    public static OrchestrationMetadata Of(OrchestrationState state, DataConverter? converter) => new(
        state.Name, state.OrchestrationInstance.InstanceId)
    {
        DataConverter = converter,
        RuntimeStatus = Enum.Parse<OrchestrationRuntimeStatus>(state.OrchestrationStatus.ToString()),
        CreatedAt = state.CreatedTime,
        LastUpdatedAt = state.LastUpdatedTime,
        SerializedInput = state.Input,
        SerializedOutput = state.Output,
        SerializedCustomStatus = state.Status,
        FailureDetails = Of(state.FailureDetails),
        Tags = state.Tags?.AsReadOnly() ?? (IReadOnlyDictionary<string, string>)new Dictionary<string, string>(),
    };

    public static OrchestrationStatus Core(OrchestrationRuntimeStatus status) => Enum.Parse<OrchestrationStatus>(status.ToString());

    public static PurgeResult Of(Core.PurgeResult result) => new(result.DeletedInstanceCount, result.IsComplete);

    private static TaskFailureDetails? Of(FailureDetails? failure) => failure is null
        ? null
        : new TaskFailureDetails(failure.ErrorType, failure.ErrorMessage, failure.StackTrace, Of(failure.InnerFailure), failure.Properties);
}
