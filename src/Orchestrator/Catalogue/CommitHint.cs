using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Workflow;
using VerSemi.Platform.Bus;

namespace VerSemi.Orchestrator.Catalogue;

/// <summary>A commit was told of: look at that head now instead of in its turn.</summary>
internal sealed class CommitHint(KnownHeads heads, Sweep sweep) : IMessageHandler<DatasetCommitted>
{
    public Task HandleAsync(DatasetCommitted message, CancellationToken cancellation)
    {
        heads.Hint(message.Dataset);
        sweep.Nudge();
        return Task.CompletedTask;
    }
}
