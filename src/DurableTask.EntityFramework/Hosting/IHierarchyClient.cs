using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.EntityFramework.Hosting;

/// <summary>What IOrchestrationServiceClient lacks: sub-orchestrations with their parent, and histories as events.</summary>
internal interface IHierarchyClient
{
    Task TerminateAsync(string instanceId, string? reason, bool recursive);
    Task<PurgeResult> PurgeAsync(string instanceId, bool recursive);
    Task<PurgeResult> PurgeAsync(PurgeInstanceFilter filter, bool recursive);
    Task<IList<HistoryEvent>> HistoryAsync(string instanceId);
}
