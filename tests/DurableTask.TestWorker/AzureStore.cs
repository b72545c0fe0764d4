using DurableTask.AzureStorage;

namespace DurableTask.TestWorker;

/// <summary>Microsoft's provider, with short intervals: its defaults take minutes to notice a dead process.</summary>
internal static class AzureStore
{
    /// <param name="where">HUB:CONNECTION.</param>
    public static AzureStorageOrchestrationService Create(string where)
    {
        var colon = where.IndexOf(':', StringComparison.Ordinal);
        return new AzureStorageOrchestrationService(new AzureStorageOrchestrationServiceSettings
        {
            StorageAccountClientProvider = new StorageAccountClientProvider(where[(colon + 1)..]),
            TaskHubName = where[..colon],
            WorkerId = $"w{Environment.ProcessId}",
            PartitionCount = 1,
            // Azure's shortest blob lease is 15 s.
            LeaseInterval = TimeSpan.FromSeconds(15),
            LeaseRenewInterval = TimeSpan.FromSeconds(4),
            LeaseAcquireInterval = TimeSpan.FromSeconds(2),
            ControlQueueVisibilityTimeout = TimeSpan.FromSeconds(20),
            WorkItemQueueVisibilityTimeout = TimeSpan.FromSeconds(20),
            MaxQueuePollingInterval = TimeSpan.FromMilliseconds(100),
            UseAppLease = false,
            // Otherwise the start of an id that is in use is ignored.
            ThrowExceptionOnInvalidDedupeStatus = true,
        });
    }
}
