using DurableTask.Core;
using DurableTask.Core.Query;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using CoreQuery = DurableTask.Core.Query.OrchestrationQuery;
using OrchestrationQuery = Microsoft.DurableTask.Client.OrchestrationQuery;
using PurgeResult = Microsoft.DurableTask.Client.PurgeResult;

namespace DurableTask.EntityFramework.Hosting;

// Lists and purges.
public sealed partial class OrchestrationClient
{
    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        Pageable.Create<OrchestrationMetadata>(async (token, size, cancellation) =>
        {
            var converter = filter is { FetchInputsAndOutputs: true } ? Converter : null;
            var found = await As<IOrchestrationServiceQueryClient>().GetOrchestrationWithQueryAsync(new CoreQuery
            {
                RuntimeStatus = filter?.Statuses?.Select(Metadata.Core).ToList(),
                CreatedTimeFrom = filter?.CreatedFrom?.UtcDateTime,
                CreatedTimeTo = filter?.CreatedTo?.UtcDateTime,
                InstanceIdPrefix = filter?.InstanceIdPrefix,
                PageSize = size ?? filter?.PageSize ?? OrchestrationQuery.DefaultPageSize,
                ContinuationToken = token ?? filter?.ContinuationToken,
                FetchInputsAndOutputs = converter is not null,
            }, cancellation);
            var page = found.OrchestrationState.Select(state => Metadata.Of(state, converter)).ToList();
            return new Page<OrchestrationMetadata>(page, found.ContinuationToken);
        });

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        Metadata.Of(options is { Recursive: true }
            ? await Hierarchy.PurgeAsync(instanceId, recursive: true)
            : await As<IOrchestrationServicePurgeClient>().PurgeInstanceStateAsync(instanceId));

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        var from = filter.CreatedFrom?.UtcDateTime ?? DateTime.UnixEpoch;
        var core = new PurgeInstanceFilter(from, filter.CreatedTo?.UtcDateTime, filter.Statuses?.Select(Metadata.Core));
        return Metadata.Of(options is { Recursive: true }
            ? await Hierarchy.PurgeAsync(core, recursive: true)
            : await As<IOrchestrationServicePurgeClient>().PurgeInstanceStateAsync(core));
    }
}
