using Microsoft.Extensions.Logging;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Domain.Messages;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;

namespace VerSemi.Ingest.Withdrawal;

/// <summary>Carries a withdrawal out and answers, however often it is asked. No answer: it is asked again.</summary>
internal sealed class WithdrawCasesHandler(Withdrawer withdrawer, IBlobStore store, IMessageBus bus, ILogger<WithdrawCasesHandler> log) : IMessageHandler<WithdrawCases>
{
    public async Task HandleAsync(WithdrawCases message, CancellationToken cancellation)
    {
        try
        {
            if (await withdrawer.RunAsync(message, cancellation) is not { } record)
                return;
            log.LogInformation("Withdrawal {Withdrawal}: {Cases} cases, {Erased} blobs erased.", message.Withdrawal, record.Cases.Count, record.Erased.Count);
            await bus.SendAsync(Queues.Catalogue, new CasesWithdrawn(message.Withdrawal), cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError("Withdrawal {Withdrawal} could not be finished and is tried again later: {Fault}", message.Withdrawal, LoggedFault.Of(e));
        }
    }

    /// <summary>Then nothing is taken in. The lease of the drop is to be taken before this is asked.</summary>
    public static async Task<bool> AnyOpenAsync(IBlobStore store, CancellationToken cancellation) =>
        await store.ListAsync(BlobLayout.OpenWithdrawals, cancellation).AnyAsync(cancellation);

    /// <summary>What is under way and may have lost whoever asked for it: nothing is taken in until it is done.</summary>
    public async Task ResumeAsync(CancellationToken cancellation)
    {
        var open = new List<string>();
        await foreach (var entry in store.ListAsync(BlobLayout.OpenWithdrawals, cancellation))
            open.Add(entry.Path);
        foreach (var path in open)
            // A damaged one waits for the orchestrator, which repeats its request until it is answered.
            if (await store.InspectJsonAsync<WithdrawalRecord>(path, DomainJson.Readable, cancellation) is { Value: { } record })
                await HandleAsync(record.Request, cancellation);
    }
}
