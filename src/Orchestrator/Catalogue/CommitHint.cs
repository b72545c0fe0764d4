using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>A commit was told of: look at the heads now instead of in a second.</summary>
internal sealed class CommitHint(Sweep sweep) : IMessageHandler<DatasetCommitted>
{
    public Task HandleAsync(DatasetCommitted message, CancellationToken cancellation)
    {
        sweep.Nudge();
        return Task.CompletedTask;
    }
}
