using Microsoft.EntityFrameworkCore;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Workflow.Leases;

/// <summary>What workers say of a run, in its timeline.</summary>
internal static class WorkerNotes
{
    private const string Kind = "run";
    private const string Event = "note";

    /// <summary>Each text once a run: a worker repeats what was not answered, and the next attempt meets the same things again.</summary>
    public static async Task KeepAsync(OrchestratorDb db, string run, IReadOnlyList<string>? notes, CancellationToken cancellation)
    {
        if (notes is not { Count: > 0 })
            return;
        var known = await db.Timeline.Where(row => row.Kind == Kind && row.Subject == run && row.Event == Event && row.Detail != null && notes.Contains(row.Detail))
            .Select(row => row.Detail).ToListAsync(cancellation);
        foreach (var note in notes.Distinct().Except(known.OfType<string>()))
            db.Note(Kind, run, Event, note);
        await db.SaveChangesAsync(cancellation);
    }
}
