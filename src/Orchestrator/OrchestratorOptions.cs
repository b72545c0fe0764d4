using VerSemi.Domain.Messages;
using VerSemi.Domain.Promotion;

namespace VerSemi.Orchestrator;

/// <summary>Settings of the orchestrator; validated at start, every error at once.</summary>
public sealed class OrchestratorOptions
{
    /// <summary>Path of the SQLite file.</summary>
    public string Database { get; set; } = "";

    /// <summary>Model lines by name (slugs).</summary>
    public Dictionary<string, LineOptions> Lines { get; } = new() { ["main"] = new LineOptions() };

    /// <summary>True where a lock on the data folder keeps every other process out: leases of earlier processes are released at start.</summary>
    public bool SingleProcess { get; set; }

    /// <summary>A cycle takes its data when nothing was committed for this long.</summary>
    public TimeSpan QuietWindow { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Drops that are under way hold a collecting cycle back for at most this long.</summary>
    public TimeSpan LongestCollecting { get; set; } = TimeSpan.FromMinutes(10);
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A worker that is not heard of for this long has lost its run.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause before a failed attempt or step is repeated; doubles each time, at most one minute.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(5);
    public RetryBudget Retries { get; set; } = new();
    public PromotionPolicy Promotion { get; set; } = new();

    internal TimeSpan PauseBeforeRetry(int failures) =>
        TimeSpan.FromSeconds(Math.Min(60, RetryPause.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 10))));
}

public sealed class LineOptions
{
    /// <summary>A built-in recipe's name, or the path of a JSON file.</summary>
    public string Recipe { get; set; } = "small";
    public int Seed { get; set; } = 1;
}

/// <summary>How often an attempt of a run may fail, by kind, before the run fails.</summary>
public sealed record RetryBudget(int Infrastructure = 50, int OutOfMemory = 2, int Data = 0, int Code = 1)
{
    internal int Of(FailureKind failure) => failure switch
    {
        FailureKind.Infrastructure => Infrastructure,
        FailureKind.OutOfMemory => OutOfMemory,
        FailureKind.Data => Data,
        _ => Code,
    };
}
